//! The table of calls.

use nosmoke_application::permission;
use nosmoke_domain::ids::{CustomerId, PlanId, StaffId, TerminalId, TokenId};
use nosmoke_ports::contract::{
    AccessFilter, AccessLogInput, AccessLogPage, AccessLogStatus, Actor, AlikeInput, AlikePage, BackupSchedule,
    BackupScheduleView, ChangePinInput, Chart, CloseChoice, Connection, ConnectionInput, ConnectionTrial, ContextName,
    Correctable, Correction, CustomerCard, CustomerPage, CustomerSearch, DayView, ErasureInput, ErasurePreview,
    EvacuationList, ExportCustomersInput, ExportInput, ExportPeriodInput, FirstManagerInput, Founded, GatewaySetting,
    GatewayView, ImportPreview, ImportView, Invitation, Job, JoinInput, Keeping, LinkedCustomer, LockScreen, MadeToken,
    MakeToken, MypageEngine, MypageEngineInput, MypageEngineTrial, MypageInput, MypagePage, NextRecoveryCode,
    Occupancy, Outcome, OvertakenEditView, Pairing, PeriodInput, PeriodReport, PermissionRow, PickedPicture,
    PlacePenalties, PlanPicture, PlanView, Preferences, PrintPageInput, Printed, PrinterSetting, PrinterView,
    QuarantinePage, RecentEntry, RecentInput, RecordInput, RecoverInput, ResetPinInput, ReviewInput, ReviewPage,
    ReviseImport, RuleSetsPage, RulesEditor, RulesForm, RulesPreview, SaveStaffInput, ServicesView, Session,
    SetUpInput, ShownFolder, SignInInput, SlipEntriesInput, SlipEntriesPage, SlipInput, SlipView, StaffMember, Start,
    StopInput, SyncChip, SyncView, TokenView, TracePage, TraceView, TracesInput, TracingSetting, TracingView,
    UnseenInput, UnseenPage, UpdateSetting, UpdateTrial, UpdatesView, WhoFilter, WhoInput, WhoPage, Why, WhyInput,
};
use nosmoke_replication::joining::pairing;
use nosmoke_runtime::measures::Node;
use uuid::Uuid;

use super::call::calls;
use super::{dialogs, picks, record};

calls! {
    // The program.
    /// Opens the data folder at the start, and returns its state.
    start(()) -> Start, SeeStart: |it, ()| Ok(it.shell.start().await);
    /// Says that this PC's clock is right, where the start doubted it.
    confirm_clock(()) -> (), ConfirmClock: |it, ()| {
        nosmoke_application::clock_check::confirm(&it.terminal().await?.core).await;
        Ok(())
    };
    /// Founds a facility with its first manager, who is signed in.
    set_up(SetUpInput) -> Founded, SetUp: |it, input| it.shell.set_up(input).await;
    /// Sets the folder up as another terminal of an existing facility, whose staff then come over the link.
    join(JoinInput) -> LockScreen, SetUp: |it, input| it.shell.join(input).await;
    /// Fills the demonstration facility, in a data folder of its own, and switches to it.
    open_demonstration(()) -> Job, VisitDemonstration: |it, ()| it.shell.open_demonstration();
    /// Deletes the demonstration and switches back.
    leave_demonstration(()) -> Start, VisitDemonstration: |it, ()| it.shell.leave_demonstration().await;
    save_preferences(Preferences) -> Preferences, SavePreferences: |it, input| it.shell.save_preferences(input).await;
    cancel_job(Uuid) -> (), CancelJob: |it, job_id| { it.shell.jobs.cancel(job_id); Ok(()) };
    /// Notes whether a screen has typed settings that aren't saved; closing the window asks about them.
    note_unsaved(bool) -> (), CloseProgram: |it, unsaved| { it.shell.note_unsaved(unsaved); Ok(()) };
    /// Answers the event `closing`.
    choose_closing(CloseChoice) -> (), CloseProgram: |it, choice| { it.shell.choose_closing(choice); Ok(()) };
    /// Opens a folder in the system's file manager.
    show_folder(ShownFolder) -> (), ShowFolder: |it, folder| it.shell.show_folder(folder).await;
    /// Writes the file for support, which names no person. Null if the dialog was cancelled.
    save_diagnostics(()) -> Option<Job>, SaveDiagnostics: |it, ()| dialogs::save_diagnostics(it).await;

    // People.
    /// The lock screen, whether or not somebody is signed in.
    lock_screen(()) -> LockScreen, SeeLockScreen: |it, ()| it.shell.lock_screen().await;
    sign_in(SignInInput) -> Session, SignIn: |it, input| it.shell.sign_in(input).await;
    /// Signs the person out. Jobs go on.
    lock(()) -> LockScreen, Lock: |it, ()| it.shell.lock().await;
    /// Adds the first manager of a facility that was founded without staff, and signs this person in.
    first_manager(FirstManagerInput) -> Founded, AddFirstManager: |it, input| it.shell.first_manager(input).await;
    /// Sets a manager's PIN with the recovery code, which is used up, and returns the next code. Nobody is signed in.
    recover(RecoverInput) -> NextRecoveryCode, Recover: |it, input| it.shell.recover(input).await;
    /// Makes another recovery code; the previous one is worth nothing from then on.
    renew_recovery_code(()) -> NextRecoveryCode, RenewRecoveryCode: |it, ()| it.shell.renew_recovery_code().await;
    evacuation_list(()) -> EvacuationList, SeeEvacuationList: |it, ()| it.terminal().await?.queries.evacuation_list().await;
    /// All members of staff: those who can sign in first, each group by name.
    staff_members(()) -> Vec<StaffMember>, SeePeople: |it, ()| it.terminal().await?.queries.staff_members().await;
    save_staff(SaveStaffInput) -> Vec<StaffMember>, SavePeople: |it, input| it.shell.save_staff(input).await;
    retire_staff(StaffId) -> Vec<StaffMember>, SavePeople: |it, staff_id| it.shell.retire_staff(staff_id).await;
    reset_pin(ResetPinInput) -> Vec<StaffMember>, SavePeople: |it, input| it.shell.reset_pin(input).await;
    change_own_pin(ChangePinInput) -> (), ChangeOwnPin: |it, input| it.shell.change_own_pin(input).await;
    /// The table of permissions.
    permissions(()) -> Vec<PermissionRow>, SeePermissions: |_, ()| Ok(permission::rows());

    // The desk.
    record(RecordInput) -> Outcome, Record: |it, input| record::record(it, input).await;
    search_customers(CustomerSearch) -> CustomerPage, SeeCustomers: |it, input| it.terminal().await?.queries.search(input).await;
    /// Returns the registered customers whom a new one may be.
    alike_customers(AlikeInput) -> AlikePage, SeeCustomers: |it, input| it.terminal().await?.queries.alike(input).await;
    customer_card(CustomerId) -> CustomerCard, OpenCard: |it, id| it.terminal().await?.queries.customer_card(id).await;
    /// The other ids of the same person.
    linked_customers(CustomerId) -> Vec<LinkedCustomer>, OpenCard: |it, id| it.terminal().await?.queries.linked_customers(id).await;
    occupancy(()) -> Occupancy, SeeDesk: |it, ()| it.terminal().await?.queries.occupancy().await;
    recent_entries(RecentInput) -> Vec<RecentEntry>, SeeDesk: |it, input| it.terminal().await?.queries.recent_entries(input).await;
    /// The cases that wait for somebody, those that began first before the others.
    review(ReviewInput) -> ReviewPage, SeeReview: |it, input| it.terminal().await?.queries.review(input).await;
    /// The edits of this terminal that another terminal's revision overtook.
    overtaken_edits(()) -> Vec<OvertakenEditView>, SeeReview: |it, ()| it.terminal().await?.queries.overtaken_edits().await;
    /// How many cases and overtaken edits wait for somebody; at most 1,000.
    review_count(()) -> u32, SeeReview: |it, ()| it.terminal().await?.queries.review_count().await;
    /// The figures of a day (a date in Seoul) as known here, with its closes at this terminal.
    day(String) -> DayView, SeeDay: |it, day| it.terminal().await?.queries.day(&day).await;
    /// Closes a day at this terminal, with the figures of this moment.
    close_day(String) -> DayView, CloseDay: |it, day| {
        let queries = &it.terminal().await?.queries;
        queries.close_day(queries.caller().await?, &day).await
    };
    /// Writes the figures of a day as CSV or XLSX. Null if the dialog was cancelled.
    export_day(String) -> Option<Job>, SeeDay: |it, day| dialogs::export_day(it, day).await;
    /// The figures of a period (dates in Seoul) as known here.
    period(PeriodInput) -> PeriodReport, SeePeriod: |it, input| it.terminal().await?.queries.period(&input, || Ok(())).await;
    /// Writes a table of a period as CSV or XLSX. Null if the dialog was cancelled.
    export_period(ExportPeriodInput) -> Option<Job>, ExportPeriod: |it, input| dialogs::export_period(it, input).await;
    /// The plans of the sites, by name, without the bytes of their pictures.
    plans(()) -> Vec<PlanView>, SeePlans: |it, ()| it.terminal().await?.queries.plans().await;
    /// The picture of a plan; null until all of it has come.
    plan_picture(PlanId) -> Option<PlanPicture>, SeePlans: |it, plan_id| it.terminal().await?.queries.plan_picture(plan_id).await;
    /// The penalties of each area in the last days, 1 to 366.
    place_penalties(u32) -> Vec<PlacePenalties>, SeePlans: |it, days| it.terminal().await?.queries.place_penalties(days).await;
    /// Reads a file to become a plan's picture. Null if the dialog was cancelled.
    pick_plan_picture(()) -> Option<PickedPicture>, SavePlan: |it, ()| dialogs::pick_plan_picture(it).await;
    sync_chip(()) -> SyncChip, SeeDesk: |it, ()| it.terminal().await?.queries.sync_chip().await;

    // Paper.
    /// This terminal's printer, and the slips that aren't on paper yet.
    printer(()) -> PrinterView, SeePrinter: |it, ()| it.shell.printer().await;
    save_printer(PrinterSetting) -> PrinterView, ChangePrinter: |it, input| it.shell.save_printer(input).await;
    /// Hands a slip over to the printer, and doesn't wait for it.
    print_slip(SlipInput) -> PrinterView, PrintSlip: |it, input| it.shell.print_slip(input).await;
    /// Sends a failed slip again.
    retry_slip(u64) -> PrinterView, PrintSlip: |it, id| it.shell.retry_slip(id).await;
    discard_slip(u64) -> PrinterView, PrintSlip: |it, id| it.shell.discard_slip(id).await;
    /// A slip for the system's printers.
    slip_view(SlipInput) -> SlipView, PrintSlip: |it, input| it.shell.slip_view(input).await;
    /// Prints the slip that the page shows, by the system's dialog, on paper of this size.
    print_page(PrintPageInput) -> (), PrintSlip: |it, input| it.shell.print_page(input, picks::print_to()).await;
    /// The newest payments and penalties of all terminals, or of one customer: what has a slip.
    slip_entries(SlipEntriesInput) -> SlipEntriesPage, SeeDesk: |it, input| it.terminal().await?.queries.slip_entries(input).await;

    // Mypage.
    mypage(MypageInput) -> MypagePage, SeeMypage: |it, input| it.terminal().await?.queries.mypage(input).await;
    /// Explains a customer's balance and standing, now or at another moment.
    why(WhyInput) -> Why, SeeMypage: |it, input| it.terminal().await?.queries.why(input).await;
    /// What can be corrected of an entry, else why not and who could, where.
    corrections(Correctable) -> Vec<Correction>, SeeCorrections: |it, of| it.terminal().await?.queries.corrections(of).await;
    chart(MypageInput) -> Chart, SeeMypage: |it, input| it.terminal().await?.queries.chart(input).await;
    /// The engine that stores Mypage's read model.
    mypage_engine(()) -> MypageEngine, SeeMypageEngine: |it, ()| it.shell.mypage_engine().await;
    try_mypage_engine(MypageEngineInput) -> MypageEngineTrial, ChangeMypageEngine: |it, input| it.shell.try_mypage_engine(input).await;
    /// Takes effect at once; the read model is built from the journal.
    save_mypage_engine(MypageEngineInput) -> MypageEngine, ChangeMypageEngine: |it, input| it.shell.save_mypage_engine(input).await;

    // Files. Null if the dialog was cancelled.
    export_histories(ExportInput) -> Option<Job>, ExportHistories: |it, input| dialogs::export_histories(it, input).await;
    export_customers(ExportCustomersInput) -> Option<Job>, ExportCustomers: |it, input| dialogs::export_customers(it, input).await;
    preview_import(()) -> Option<ImportPreview>, ImportCustomers: |it, ()| dialogs::preview_import(it).await;
    /// Imports the file of the preview with this id.
    run_import(Uuid) -> Job, ImportCustomers: |it, preview_id| it.shell.run_import(preview_id).await;
    /// Reads the file of a preview again with other choices, and returns a preview with another id.
    revise_import(ReviseImport) -> ImportPreview, ImportCustomers: |it, revised| it.shell.revise_import(revised).await;
    /// Writes the lines of a preview that have a problem as CSV, with the reason of each.
    save_bad_lines(Uuid) -> Option<Job>, ImportCustomers: |it, preview_id| dialogs::save_bad_lines(it, preview_id).await;
    /// Returns the imports of this terminal, the latest first.
    imports(()) -> Vec<ImportView>, ImportCustomers: |it, ()| it.shell.imports().await;
    /// Erases the customers that the import with this id added, while nobody of them has come.
    take_back_import(Uuid) -> Job, EraseCustomer: |it, import_id| it.shell.take_back_import(import_id).await;
    /// Backs up; with a passphrase, the backup is locked with it.
    back_up(Option<String>) -> Option<Job>, BackUp: |it, passphrase| dialogs::back_up(it, passphrase).await;
    /// The scheduled backups, and what became of the last one.
    backup_schedule(()) -> BackupScheduleView, BackUp: |it, ()| it.shell.backup_schedule().await;
    save_backup_schedule(BackupSchedule) -> BackupScheduleView, BackUp: |it, chosen| it.shell.save_backup_schedule(chosen).await;
    /// Chooses the folder of the scheduled backups, and switches them on. Null if the dialog was cancelled.
    choose_backup_folder(()) -> Option<BackupScheduleView>, BackUp: |it, ()| dialogs::choose_backup_folder(it).await;
    /// Restores a backup; a locked one needs its passphrase.
    restore(Option<String>) -> Option<Job>, Restore: |it, passphrase| dialogs::restore(it, passphrase).await;
    /// Saves the passphrase of the scheduled backups; an empty one unlocks later ones.
    save_backup_passphrase(String) -> (), BackUp: |it, passphrase| it.shell.save_backup_passphrase(&passphrase).await;

    // The rules.
    rules_editor(()) -> RulesEditor, EditRules: |it, ()| it.terminal().await?.queries.rules_editor().await;
    /// Keeps the draft at this terminal, with whatever is wrong with it.
    save_rules_draft(RulesForm) -> RulesEditor, EditRules: |it, form| it.terminal().await?.queries.save_rules_draft(form).await;
    discard_rules_draft(()) -> RulesEditor, EditRules: |it, ()| it.terminal().await?.queries.discard_rules_draft().await;
    /// All sets, the newest first; the input is the `next` of the previous page.
    rule_sets(Option<u32>) -> RuleSetsPage, EditRules: |it, skipped| it.terminal().await?.queries.rule_sets(skipped).await;
    /// Finds what the draft would change.
    preview_rules(()) -> Job, PreviewRules: |it, ()| it.shell.preview_rules().await;
    /// What the last preview found; null before one has ended.
    rules_preview(()) -> Option<RulesPreview>, PreviewRules: |it, ()| Ok(it.shell.rules_preview().await);

    // Other terminals.
    sync_view(()) -> SyncView, SeeSync: |it, ()| it.terminal().await?.queries.sync_view().await;
    /// A page of quarantined messages, newest first; the input is the `next` of the previous page.
    quarantine(Option<i64>) -> QuarantinePage, SeeQuarantined: |it, after| it.terminal().await?.queries.quarantine(after).await;
    /// Reconnects at once, with new clients.
    retry_sync(()) -> (), RetryConnection: |it, ()| { it.terminal().await?.core.connection.retry(); Ok(()) };
    connection(()) -> Connection, SeeConnection: |it, ()| it.shell.connection().await;
    try_connection(ConnectionInput) -> ConnectionTrial, ChangeConnection: |it, input| it.shell.try_connection(input).await;
    save_connection(ConnectionInput) -> Connection, ChangeConnection: |it, input| it.shell.save_connection(input).await;
    /// Returns the path of the chosen certificate or key, without copying the file. Null if the dialog was cancelled.
    pick_pem(()) -> Option<String>, PickFile: |it, ()| dialogs::pick_pem(it).await;
    pairing(()) -> Pairing, SeePairingCode: |it, ()| pairing::pairing(&*it.terminal().await?.core.journal).await;
    /// Writes the pairing code to a file, and returns its path; null if the dialog was cancelled.
    save_pairing(()) -> Option<String>, SavePairingCode: |it, ()| dialogs::save_pairing(it).await;
    /// Reads a pairing code from a file; null if the dialog was cancelled.
    open_pairing(()) -> Option<String>, ReadPairingCode: |it, ()| dialogs::open_pairing(it).await;
    /// Decodes a pairing code for display, without using it.
    read_pairing(String) -> Invitation, ReadPairingCode: |_, code| pairing::invitation(&code);
    /// Replaces the facility key of a terminal that is already set up by that of another terminal.
    accept_pairing(String) -> (), AcceptPairingCode: |it, code| it.shell.accept_pairing(&code).await;
    /// Makes a new facility key, to carry to the other terminals by hand.
    renew_key(()) -> (), RenewKey: |it, ()| it.shell.renew_key().await;
    /// Takes over the holdings of a lost terminal.
    reclaim(TerminalId) -> Job, ReclaimTerminal: |it, lost| it.shell.reclaim(lost).await;

    // Accountability.
    /// A page of the access log, newest first.
    access_log(AccessLogInput) -> AccessLogPage, SeeAccessLog: |it, input| it.terminal().await?.queries.access_log(input).await;
    access_log_status(()) -> AccessLogStatus, SeeAccessLogStatus: |it, ()| it.terminal().await?.queries.access_log_status().await;
    /// Null if the dialog was cancelled.
    export_access_log(AccessFilter) -> Option<Job>, ExportAccessLog: |it, filter| dialogs::export_access_log(it, filter).await;
    /// Confirms that a manager has looked through the access log.
    confirm_access_log(()) -> AccessLogStatus, ConfirmAccessLog: |it, ()| it.shell.confirm_access_log().await;
    /// Notes in the access log that a screen was printed.
    note_printed(Printed) -> (), NotePrinted: |it, printed| { it.shell.note_printed(printed).await; Ok(()) };

    /// A page of facts with who recorded and approved them, newest first. It may be short and still have a next page.
    who_did_what(WhoInput) -> WhoPage, SeeWhoDidWhat: |it, input| it.terminal().await?.queries.who_did_what(input).await;
    /// Everybody by whom these facts can be filtered: all staff, and the tokens of all terminals.
    recorders(()) -> Vec<Actor>, SeeTokens: |it, ()| it.terminal().await?.queries.recorders().await;
    /// Null if the dialog was cancelled.
    export_who_did_what(WhoFilter) -> Option<Job>, ExportWhoDidWhat: |it, filter| dialogs::export_who_did_what(it, filter).await;
    /// What an erasure would erase, with all linked ids, and what stays.
    erasure_preview(ErasureInput) -> ErasurePreview, PreviewErasure: |it, input| it.terminal().await?.queries.erasure_preview(input).await;
    /// The customers whom the facility hasn't seen for the years of its setting, the longest unseen first.
    unseen_customers(UnseenInput) -> UnseenPage, SeeUnseen: |it, input| it.terminal().await?.queries.unseen_customers(input).await;
    /// How long personal data is kept, and the notice about it.
    keeping(()) -> Keeping, SeeKeeping: |it, ()| it.terminal().await?.queries.keeping().await;
    save_keeping(Keeping) -> Keeping, SaveKeeping: |it, input| it.shell.save_keeping(input).await;
    /// The tokens of this terminal: the owner's, then the newest first.
    tokens(()) -> Vec<TokenView>, SeeTokens: |it, ()| it.shell.tokens().await?.list().await;
    /// Makes a token. The answer has its secret, once.
    make_token(MakeToken) -> MadeToken, MakeToken: |it, input| it.shell.tokens().await?.make(input).await;
    /// Gives a token another secret; the earlier one is accepted for a day.
    rotate_token(TokenId) -> MadeToken, RotateToken: |it, id| it.shell.tokens().await?.rotate(id).await;
    revoke_token(TokenId) -> TokenView, RevokeToken: |it, id| it.shell.tokens().await?.revoke(id).await;

    // Services.
    /// The contexts, and the graph of services with the traffic between them.
    services(()) -> ServicesView, SeeServices: |it, ()| it.terminal().await?.services().await;
    /// Stops a context until it is started again or the program restarts. Returns when its tasks have ended.
    stop_context(StopInput) -> (), StopContext: |it, stop| {
        let terminal = it.terminal().await?;
        terminal.stop_context(terminal.queries.authority().await?, Node::Screen, stop.name, stop.reason).await
    };
    start_context(ContextName) -> (), StartContext: |it, name| {
        let terminal = it.terminal().await?;
        terminal.start_context(&terminal.queries.authority().await?, name).await
    };
    /// The state of the REST gateway that this program serves to other programs on this computer, if enabled.
    gateway(()) -> GatewayView, SeeGateway: |it, ()| it.shell.gateway().await;
    save_gateway(GatewaySetting) -> GatewayView, ChangeGateway: |it, input| it.shell.save_gateway(input).await;

    // Traces.
    /// The traces in which this terminal recorded spans, newest first.
    traces(TracesInput) -> TracePage, SeeTraces: |it, input| it.shell.traces(input).await;
    trace(String) -> TraceView, SeeTraces: |it, trace_id| it.shell.trace(&trace_id).await;
    /// The receivers that spans are sent to, besides the local store.
    tracing(()) -> TracingView, SeeTraces: |it, ()| it.shell.tracing().await;
    save_tracing(TracingSetting) -> TracingView, ChangeTracing: |it, input| it.shell.save_tracing(input).await;

    // Newer versions.
    updates(()) -> UpdatesView, SeeUpdates: |it, ()| it.shell.updates().await;
    save_updates(UpdateSetting) -> UpdatesView, ChangeUpdates: |it, input| it.shell.save_updates(input).await;
    /// Asks an address what it offers, without downloading it.
    try_updates(UpdateSetting) -> UpdateTrial, ChangeUpdates: |it, input| it.shell.try_updates(&input).await;
    /// Installs the downloaded version. Waits for the administrator's password.
    install_update(()) -> UpdatesView, InstallUpdate: |it, ()| it.shell.install_update().await;
}
