//! The one table of calls.

use nosmoke_domain::ids::{CustomerId, TerminalId};
use nosmoke_ports::contract::{
    Chart, Connection, ConnectionInput, ConnectionTrial, ContextName, CustomerCard, CustomerPage, CustomerSearch,
    ExportInput, GatewaySetting, GatewayView, ImportPreview, Invitation, Job, JoinInput, MypageEngine,
    MypageEngineInput, MypageEngineTrial, MypageInput, MypagePage, Occupancy, Outcome, Pairing, Preferences,
    QuarantinePage, RecentInput, RecentRecord, Request, ServicesView, Session, SetUpInput, Start, StopInput, SyncChip,
    SyncView, TracePage, TraceView, TracesInput, TracingSetting, TracingView,
};
use nosmoke_replication::joining::pairing;
use nosmoke_runtime::measures::Node;
use uuid::Uuid;

use super::call::calls;
use super::{dialogs, record};

calls! {
    // The program.
    /// What the program found when it started.
    start(()) -> Start, SeeStart: |it, ()| Ok(it.shell.start().await);
    set_up(SetUpInput) -> Session, SetUp: |it, input| it.shell.set_up(input).await;
    /// Takes part in a facility that another terminal has, instead of making one.
    join(JoinInput) -> Session, SetUp: |it, input| it.shell.join(input).await;
    /// Fills the demonstration facility, in a data folder of its own, and goes there.
    open_demonstration(()) -> Job, VisitDemonstration: |it, ()| it.shell.open_demonstration();
    /// Deletes the demonstration and goes back.
    leave_demonstration(()) -> Start, VisitDemonstration: |it, ()| it.shell.leave_demonstration().await;
    save_preferences(Preferences) -> Preferences, SavePreferences: |it, input| it.shell.save_preferences(input).await;
    cancel_job(Uuid) -> (), CancelJob: |it, job_id| { it.shell.jobs.cancel(job_id); Ok(()) };

    // The desk.
    record(Request) -> Outcome, Record: |it, request| record::record(it, request).await;
    search_customers(CustomerSearch) -> CustomerPage, SeeCustomers: |it, input| it.terminal().await?.queries.search(input).await;
    customer_card(CustomerId) -> CustomerCard, SeeCustomers: |it, id| it.terminal().await?.queries.customer_card(id).await;
    occupancy(()) -> Occupancy, SeeDesk: |it, ()| it.terminal().await?.queries.occupancy().await;
    recent_records(RecentInput) -> Vec<RecentRecord>, SeeDesk: |it, input| it.terminal().await?.queries.recent_records(input).await;
    sync_chip(()) -> SyncChip, SeeDesk: |it, ()| it.terminal().await?.queries.sync_chip().await;

    // Mypage.
    mypage(MypageInput) -> MypagePage, SeeMypage: |it, input| it.terminal().await?.queries.mypage(input).await;
    chart(MypageInput) -> Chart, SeeMypage: |it, input| it.terminal().await?.queries.chart(input).await;
    /// Where Mypage's lines are kept.
    mypage_engine(()) -> MypageEngine, SeeMypageEngine: |it, ()| it.shell.mypage_engine().await;
    try_mypage_engine(MypageEngineInput) -> MypageEngineTrial, ChangeMypageEngine: |it, input| it.shell.try_mypage_engine(input).await;
    /// Takes effect at once; the lines are filled in from the journal.
    save_mypage_engine(MypageEngineInput) -> MypageEngine, ChangeMypageEngine: |it, input| it.shell.save_mypage_engine(input).await;

    // Files. Null where the person dismissed the dialog.
    export_histories(ExportInput) -> Option<Job>, ExportHistories: |it, input| dialogs::export_histories(it, input).await;
    export_customers(()) -> Option<Job>, ExportCustomers: |it, ()| dialogs::export_customers(it).await;
    preview_import(()) -> Option<ImportPreview>, ImportCustomers: |it, ()| dialogs::preview_import(it).await;
    /// Of the preview with this id.
    run_import(Uuid) -> Job, ImportCustomers: |it, preview_id| it.shell.run_import(preview_id).await;
    back_up(()) -> Option<Job>, BackUp: |it, ()| dialogs::back_up(it).await;
    restore(()) -> Option<Job>, Restore: |it, ()| dialogs::restore(it).await;

    // Other terminals.
    sync_view(()) -> SyncView, SeeSync: |it, ()| it.terminal().await?.queries.sync_view().await;
    /// Newest first; the input is the `next` of the page before.
    quarantine(Option<i64>) -> QuarantinePage, SeeQuarantined: |it, after| it.terminal().await?.queries.quarantine(after).await;
    /// Tries the link again at once, with new clients.
    retry_sync(()) -> (), RetryLink: |it, ()| { it.terminal().await?.core.link.retry(); Ok(()) };
    connection(()) -> Connection, SeeConnection: |it, ()| it.shell.connection().await;
    try_connection(ConnectionInput) -> ConnectionTrial, ChangeConnection: |it, input| it.shell.try_connection(input).await;
    save_connection(ConnectionInput) -> Connection, ChangeConnection: |it, input| it.shell.save_connection(input).await;
    /// The path of a certificate or key that was chosen; the file stays where it is. Null when the dialog was dismissed.
    pick_pem(()) -> Option<String>, PickFile: |it, ()| dialogs::pick_pem(it).await;
    pairing(()) -> Pairing, SeePairingCode: |it, ()| pairing::pairing(&*it.terminal().await?.core.journal).await;
    /// The path it was written to; null when the dialog was dismissed.
    save_pairing(()) -> Option<String>, SeePairingCode: |it, ()| dialogs::save_pairing(it).await;
    /// The code of a file; null when the dialog was dismissed.
    open_pairing(()) -> Option<String>, ReadPairingCode: |it, ()| dialogs::open_pairing(it).await;
    /// What a code says, before it is used.
    read_pairing(String) -> Invitation, ReadPairingCode: |_, code| pairing::invitation(&code);
    /// A terminal that is set up already takes another's facility key.
    accept_pairing(String) -> (), AcceptPairingCode: |it, code| it.shell.accept_pairing(&code).await;
    /// Takes over the points that a lost terminal holds.
    reclaim(TerminalId) -> Job, ReclaimTerminal: |it, lost| it.shell.reclaim(lost).await;

    // Services.
    /// The contexts, and the graph of services with what passed on it.
    services(()) -> ServicesView, SeeServices: |it, ()| it.terminal().await?.services().await;
    /// Stops a context until it is started again, or the program starts again. Answers once its tasks have ended.
    stop_context(StopInput) -> (), StopContext: |it, stop| {
        let terminal = it.terminal().await?;
        terminal.stop_context(terminal.queries.recorder().await?, Node::Screen, stop.name, stop.reason).await
    };
    start_context(ContextName) -> (), StartContext: |it, name| {
        let terminal = it.terminal().await?;
        terminal.start_context(terminal.queries.recorder().await?.role, name).await
    };
    /// The REST gateway that this program may serve to others on this computer.
    gateway(()) -> GatewayView, SeeGateway: |it, ()| it.shell.gateway().await;
    save_gateway(GatewaySetting) -> GatewayView, ChangeGateway: |it, input| it.shell.save_gateway(input).await;

    // Traces.
    /// What this terminal recorded of traces, the newest first.
    traces(TracesInput) -> TracePage, SeeTraces: |it, input| it.shell.traces(input).await;
    trace(String) -> TraceView, SeeTraces: |it, trace_id| it.shell.trace(&trace_id).await;
    /// Where spans are sent besides being kept here.
    tracing(()) -> TracingView, SeeTraces: |it, ()| it.shell.tracing().await;
    save_tracing(TracingSetting) -> TracingView, ChangeTracing: |it, input| it.shell.save_tracing(input).await;
}
