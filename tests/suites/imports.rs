//! Imports of lists: duplicates, the same file again, breaking off, and taking an import back.

use nosmoke_application::csv::{CustomerFile, Opening, read_customers, read_limited, read_list};
use nosmoke_application::jobs::{
    BatchRow, ImportBatch, check_against, check_take_back, counts, export_customers, import_batch, import_customers,
    imported_before, imports, take_back_import,
};
use nosmoke_ports::contract::{
    AppError, CustomerSearch, DuplicateBy, ErrorCode, ImportChoices, ImportCounts, Job, JobKind, JobState, Language,
    LineAction, LineChoice, ProfileInput,
};
use serde_json::json;
use uuid::Uuid;

use crate::support::{Desk, job};

const LIST: &str = "이름,전화,카드\n김민수,010-1234-5678,NS-1\n박서준,010-1111-2222,\n한지민,,\n,010-9,\n";

/// Reads a list with the default choices, compared with the customers of a desk.
pub async fn compared_list(desk: &Desk, text: &str) -> CustomerFile {
    compared(desk, text, ImportChoices::default()).await
}

async fn compared(desk: &Desk, text: &str, choices: ImportChoices) -> CustomerFile {
    let file = read_list(text.as_bytes(), choices).unwrap();
    check_against(&*desk.terminal.core.journal, file).await.unwrap()
}

async fn imported(desk: &Desk, file: CustomerFile) -> Job {
    let (bus, authority) = (desk.terminal.commands.clone(), desk.authority().await);
    job(desk, JobKind::Import, |progress| import_customers(bus, authority, file, progress)).await
}

async fn import(desk: &Desk, text: &str, choices: ImportChoices) -> ImportCounts {
    let job = imported(desk, compared(desk, text, choices).await).await;
    assert_eq!((job.state, job.error), (JobState::Done, None));
    job.imported.unwrap_or_default()
}

async fn people(desk: &Desk) -> Vec<(String, String, String)> {
    let all = CustomerSearch { text: String::new(), limit: 200, cursor: None };
    let hits = desk.terminal.queries.search(all).await.unwrap().hits;
    let text = |text: Option<String>| text.unwrap_or_default();
    let mut people: Vec<_> =
        hits.into_iter().map(|hit| (text(hit.customer.name), text(hit.phone), text(hit.card))).collect();
    people.sort();
    people
}

fn person(name: &str, phone: &str, card: &str) -> (String, String, String) {
    (name.into(), phone.into(), card.into())
}

fn all(action: LineAction) -> ImportChoices {
    ImportChoices { duplicates: Some(action), ..ImportChoices::default() }
}

#[tokio::test]
async fn the_same_file_again_adds_nobody() {
    let desk = Desk::new().await;
    let first = import(&desk, LIST, ImportChoices::default()).await;
    assert_eq!(first, ImportCounts { added: 3, updated: 0, skipped: 0, bad: 1, ..ImportCounts::default() });
    let before = people(&desk).await;
    let file = compared(&desk, LIST, ImportChoices::default()).await;
    assert_eq!(counts(&file), ImportCounts { added: 0, updated: 0, skipped: 3, bad: 1, ..ImportCounts::default() });
    assert!(file.rows[..3].iter().all(|row| row.duplicate_of.as_ref().unwrap().customer_id.is_some()));
    assert!(imported_before(&*desk.terminal.core.journal, &file.hash).await.unwrap().is_some());
    imported(&desk, file).await;
    assert_eq!(people(&desk).await, before);
}

#[tokio::test]
async fn duplicates_are_skipped_updated_or_added_for_the_list_or_a_line() {
    let desk = Desk::new().await;
    import(&desk, LIST, ImportChoices::default()).await;
    let newer = "이름,전화,카드\n김민수,01012345678,NS-9\n박서준,+82 10-1111-2222,\n박서연,010-1111-2222,\n";
    let updated = import(&desk, newer, all(LineAction::Update)).await;
    assert_eq!(updated, ImportCounts { added: 1, updated: 2, skipped: 0, bad: 0, ..ImportCounts::default() });
    let after = [
        person("김민수", "01012345678", "NS-9"),
        person("박서연", "010-1111-2222", ""),
        person("박서준", "+82 10-1111-2222", ""),
        person("한지민", "", ""),
    ];
    assert_eq!(people(&desk).await, after);
    // Nothing is left to change.
    let again = import(&desk, newer, all(LineAction::Update)).await;
    assert_eq!((again.added, again.updated, again.skipped), (0, 0, 3));

    let by_phone = ImportChoices { duplicates_by: Some(DuplicateBy::Phone), ..ImportChoices::default() };
    let file = compared(&desk, "이름,전화\n김새벽,010-1234-5678\n", by_phone).await;
    assert_eq!(file.rows[0].duplicate_of.as_ref().unwrap().name, "김민수");
    let one = Some(vec![LineChoice { line: 3, action: LineAction::Add }]);
    let file = compared(
        &desk,
        "이름,전화\n박서준,010-1111-2222\n박서연,010-1111-2222\n",
        ImportChoices { lines: one, ..ImportChoices::default() },
    );
    assert_eq!(file.await.rows.iter().map(|row| row.action).collect::<Vec<_>>(), [LineAction::Skip, LineAction::Add]);
}

#[tokio::test]
async fn a_card_of_somebody_else_is_refused_whatever_is_chosen() {
    let desk = Desk::new().await;
    import(&desk, LIST, ImportChoices::default()).await;
    for action in [LineAction::Skip, LineAction::Update, LineAction::Add] {
        let file = compared(&desk, "이름,카드\n이도윤,ns1\n", all(action)).await;
        assert_eq!(file.rows[0].problem.as_ref().unwrap().code, ErrorCode::CardTaken, "{action:?}");
    }
    let same = compared(&desk, "이름,카드\n김민수,NS-1\n", all(LineAction::Add)).await;
    assert_eq!(same.rows[0].problem.as_ref().unwrap().code, ErrorCode::CardTaken);
    let moved = compared(&desk, "이름,전화,카드\n박서준,010-1111-2222,NS-1\n", all(LineAction::Update)).await;
    assert_eq!(moved.rows[0].problem.as_ref().unwrap().code, ErrorCode::CardTaken);
}

#[tokio::test]
async fn a_card_that_differs_by_zeros_is_offered() {
    let desk = Desk::new().await;
    import(&desk, "이름,카드\n김민수,00000391\n", ImportChoices::default()).await;
    let file = compared(&desk, "이름,카드\n김민수,391\n", ImportChoices::default()).await;
    assert_eq!((file.card_digits_lost, file.rows[0].action), (Some(8), LineAction::Add));
    let chosen = ImportChoices { card_digits: Some(8), ..ImportChoices::default() };
    let file = compared(&desk, "이름,카드\n김민수,391\n", chosen).await;
    assert_eq!((file.rows[0].action, file.rows[0].card_given.as_deref()), (LineAction::Skip, Some("391")));
}

async fn take_back(desk: &Desk, import_id: Uuid) -> Result<(), AppError> {
    let (bus, authority) = (desk.terminal.commands.clone(), desk.authority().await);
    check_take_back(&desk.terminal, authority, import_id).await?;
    let job = job(desk, JobKind::TakeBackImport, |progress| async move {
        take_back_import(bus, authority, import_id, progress).await.map(|()| None)
    });
    job.await.error.map_or(Ok(()), Err)
}

#[tokio::test]
async fn an_import_is_taken_back_while_nobody_of_it_has_come() {
    let desk = Desk::new().await;
    let here = desk.customer("한지민").await;
    let names: String = (0..450).map(|number| format!("고객 {number}\n")).collect();
    let list = format!("이름\n{names}한지민\n");
    assert_eq!(import(&desk, &list, ImportChoices::default()).await.added, 450);
    let only = imports(&*desk.terminal.core.journal).await.unwrap().remove(0);
    assert_eq!((only.complete, only.counts.added, only.taken_back_at), (true, 450, None));

    let facts = desk.facts().await;
    take_back(&desk, only.import_id).await.unwrap();
    // Each of them is erased by a fact, which erases them at the other terminals too.
    assert_eq!(desk.facts().await, facts + 450);
    assert_eq!(people(&desk).await, [person("한지민", "", "")]);
    assert_eq!(desk.card(here).await.customer.name.as_deref(), Some("한지민"));
    let journal = &*desk.terminal.core.journal;
    assert!(imports(journal).await.unwrap()[0].taken_back_at.is_some());
    assert_eq!(take_back(&desk, only.import_id).await.unwrap_err().code, ErrorCode::UnknownImport);
    // The file isn't taken for one that is here.
    let again = compared(&desk, &list, ImportChoices::default()).await;
    assert_eq!((counts(&again).added, imported_before(journal, &again.hash).await.unwrap()), (450, None));
}

#[tokio::test]
async fn an_import_of_which_somebody_has_come_stays() {
    let desk = Desk::new().await;
    import(&desk, LIST, ImportChoices::default()).await;
    let search = CustomerSearch { text: "김민수".into(), limit: 1, cursor: None };
    let came = desk.terminal.queries.search(search).await.unwrap().hits.remove(0).customer.customer_id;
    desk.check_in(came).await;
    let before = people(&desk).await;
    let import_id = imports(&*desk.terminal.core.journal).await.unwrap()[0].import_id;
    let refused = take_back(&desk, import_id).await.unwrap_err();
    assert_eq!((refused.code, refused.params), (ErrorCode::ImportUsed, json!({ "name": "김민수", "customers": 1 })));
    assert_eq!(people(&desk).await, before);
}

#[tokio::test]
async fn an_import_that_breaks_off_tells_what_it_did_and_is_finished_by_another() {
    let desk = Desk::new().await;
    let names: String = (0..900).map(|number| format!("고객 {number},010-2000-{number:04}\n")).collect();
    let list = format!("이름,전화\n{names},\n");
    let file = compared(&desk, &list, ImportChoices::default()).await;
    let (bus, authority) = (desk.terminal.commands.clone(), desk.authority().await);
    let job = job(&desk, JobKind::Import, |progress| async move {
        let cancelling = progress.clone();
        let watch = async move {
            while cancelling.has_imported().is_none_or(|counts| counts.added == 0) {
                tokio::task::yield_now().await;
            }
            Err::<(), _>(AppError::new(ErrorCode::Cancelled))
        };
        // Dropped in the middle, as at the end of the program.
        tokio::select! {
            imported = import_customers(bus, authority, file, progress) => imported,
            cancelled = watch => cancelled.map(|()| None),
        }
    });
    let job = job.await;
    let done = job.imported.unwrap();
    assert_eq!(job.state, JobState::Cancelled);
    let unit = imports(&*desk.terminal.core.journal).await.unwrap().remove(0);
    assert!(done.added >= 200 && unit.counts.added >= done.added && !unit.complete, "{done:?} {unit:?}");
    let rest = import(&desk, &list, ImportChoices::default()).await;
    // A batch that was on its way was recorded nevertheless.
    let all = imports(&*desk.terminal.core.journal).await.unwrap();
    let unit = all.into_iter().find(|it| it.import_id == unit.import_id).unwrap();
    assert_eq!((rest.added + unit.counts.added, rest.skipped), (900, unit.counts.added));
    take_back(&desk, unit.import_id).await.unwrap();
    assert_eq!(imports(&*desk.terminal.core.journal).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_batch_that_is_sent_twice_is_recorded_once() {
    let desk = Desk::new().await;
    let row = |name: &str| BatchRow {
        profile: ProfileInput { name: name.into(), ..ProfileInput::default() },
        opening: Opening::default(),
        update: None,
    };
    let batch = |step, name| ImportBatch {
        import_id: Uuid::from_u128(7),
        file_name: "고객.csv".into(),
        hash: "x".into(),
        step,
        is_last: step == 1,
        skipped: 2,
        bad: 1,
        penalty_code: None,
        rows: vec![row(name)],
    };
    let (bus, authority) = (&desk.terminal.commands, desk.authority().await);
    let missing = import_batch(bus, authority, batch(1, "가")).await.unwrap_err();
    assert_eq!(missing.code, ErrorCode::Expired);
    for (step, name, added) in [(0, "가", 1), (0, "가", 1), (1, "나", 2), (1, "나", 2), (0, "가", 2)] {
        let counts = import_batch(bus, authority, batch(step, name)).await.unwrap();
        assert_eq!(counts, ImportCounts { added, updated: 0, skipped: 2, bad: 1, ..ImportCounts::default() });
    }
    assert_eq!(people(&desk).await, [person("가", "", ""), person("나", "", "")]);
    let many = ImportBatch { rows: vec![row("다"); 201], ..batch(2, "다") };
    assert_eq!(import_batch(bus, authority, many).await.unwrap_err().code, ErrorCode::OutOfRange);
}

#[tokio::test]
async fn a_workbook_of_the_customers_imports_again_unchanged() {
    let desk = Desk::new().await;
    let list = "이름,전화,카드,등록일,고객 ID\n\"  '김 \",010-1,00000391\n'=1+1,+82 10,'-NS\n\"박\n서\",,\n";
    let file = read_customers(list.as_bytes()).unwrap();
    imported(&desk, file).await;
    let before = people(&desk).await;
    let folder = tempfile::tempdir().unwrap();
    let (queries, path) = (desk.terminal.queries.clone(), folder.path().join("고객.XLSX"));
    let to = path.clone();
    let done = job(&desk, JobKind::Export, |progress| export_customers(queries, Language::Ko, to, progress)).await;
    assert_eq!((done.state, done.error), (JobState::Done, None));
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(names, ["고객.XLSX"]);

    let other = Desk::new().await;
    let file = read_customers(&read_limited(&path).unwrap()).unwrap();
    assert_eq!(file.rows.iter().filter(|row| row.problem.is_some()).count(), 0, "{file:#?}");
    imported(&other, file).await;
    assert_eq!(people(&other).await, before);
}
