//! Jobs that leave a row in the access log when they have ended, and the calls about the access log.

use std::path::PathBuf;
use std::sync::Arc;

use nosmoke_application::jobs::{Progress, export_access_log, export_day, export_period, export_who_did_what};
use nosmoke_application::settings::keeping::keep;
use nosmoke_ports::contract::{
    AccessAct, AccessFilter, AccessLogStatus, AppError, ExportPeriodInput, Job, JobKind, Keeping, Printed, WhoFilter,
};
use nosmoke_ports::{Access, AccessBy};

use super::Shell;

impl Shell {
    /// The party at this screen.
    pub(crate) async fn by(&self) -> AccessBy {
        let Ok(terminal) = self.terminal().await else { return AccessBy::Nobody };
        terminal.queries.caller().await.map_or(AccessBy::Nobody, |caller| caller.by.into())
    }

    /// Notes something in the access log of the folder that is open now; before one is, there is none.
    pub(crate) async fn note(&self, access: Access) {
        if let Ok(terminal) = self.terminal().await {
            terminal.core.access.note(access);
        }
    }

    /// Starts a job that leaves a row when it has ended, also if it fails: the party that began it, and how many items it
    /// did.
    pub(super) fn start_noted<F, W>(&self, kind: JobKind, noted: Access, work: W) -> Result<Job, AppError>
    where
        F: Future<Output = Result<Option<PathBuf>, AppError>> + Send + 'static,
        W: FnOnce(Arc<Progress>) -> F,
    {
        let shell = self.clone();
        self.jobs.start(kind, |progress| {
            let working = work(progress.clone());
            async move {
                let ended = working.await;
                let count = u32::try_from(progress.done()).unwrap_or(u32::MAX);
                shell.note(noted.counting(count).ended(&ended)).await;
                ended
            }
        })
    }

    pub(crate) async fn note_printed(&self, printed: Printed) {
        let row = Access::done(self.by().await, AccessAct::Printed);
        self.note(row.of(printed.customer_id).counting(printed.count)).await;
    }

    pub(crate) async fn confirm_access_log(&self) -> Result<AccessLogStatus, AppError> {
        let by = self.by().await;
        self.terminal().await?.queries.confirm_access_log(by).await
    }

    pub(crate) async fn save_keeping(&self, keeping: Keeping) -> Result<Keeping, AppError> {
        let terminal = self.terminal().await?;
        keep(&terminal.core, keeping).await?;
        terminal.queries.keeping().await
    }

    pub(crate) async fn export_who_did_what(&self, filter: WhoFilter, path: PathBuf) -> Result<Job, AppError> {
        let queries = self.terminal().await?.queries.clone();
        let language = queries.preferences().await?.language;
        let noted = Access::done(self.by().await, AccessAct::Exported);
        self.start_noted(JobKind::Export, noted, |progress| {
            export_who_did_what(queries, filter, language, path, progress)
        })
    }

    pub(crate) async fn export_day(&self, day: String, path: PathBuf) -> Result<Job, AppError> {
        let queries = self.terminal().await?.queries.clone();
        let language = queries.preferences().await?.language;
        let noted = Access::done(self.by().await, AccessAct::Exported);
        self.start_noted(JobKind::Export, noted, |progress| export_day(queries, day, language, path, progress))
    }

    pub(crate) async fn export_period(&self, input: ExportPeriodInput, path: PathBuf) -> Result<Job, AppError> {
        let queries = self.terminal().await?.queries.clone();
        let language = queries.preferences().await?.language;
        let noted = Access::done(self.by().await, AccessAct::Exported);
        self.start_noted(JobKind::Export, noted, |progress| export_period(queries, input, language, path, progress))
    }

    pub(crate) async fn export_access_log(&self, filter: AccessFilter, path: PathBuf) -> Result<Job, AppError> {
        let queries = self.terminal().await?.queries.clone();
        let language = queries.preferences().await?.language;
        let noted = Access::done(self.by().await, AccessAct::Exported);
        self.start_noted(JobKind::Export, noted, |progress| {
            export_access_log(queries, filter, language, path, progress)
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use std::collections::BTreeSet;
    use std::path::Path;
    use std::time::Duration;

    use nosmoke_composition::Environment;
    use nosmoke_ports::AccessQuery;
    use serde_json::{Value, json};

    use super::*;
    use crate::calls;
    use crate::testing::FakeHost;

    /// Makes a call and returns its answer. Waits for the job that it may have started.
    async fn call(shell: &Shell, name: &str, input: Value) -> Result<Value, AppError> {
        let answer = calls::answer(shell, name, input, None).await?;
        while !shell.jobs.is_idle() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(serde_json::from_str(&answer).unwrap())
    }

    async fn logged(shell: &Shell) -> Vec<Access> {
        let terminal = shell.terminal().await.unwrap();
        terminal.queries.write_access_log().await.unwrap();
        let query = AccessQuery { limit: 1_000, ..AccessQuery::default() };
        let rows = terminal.core.access.log().page(query).await.unwrap();
        rows.into_iter().map(|row| row.row.access).collect()
    }

    async fn desk(folder: &Path) -> (Arc<FakeHost>, Shell) {
        let host = Arc::new(FakeHost::default());
        let environment = Environment::of_system("test", "0");
        let root = folder.join("data");
        let shell = Shell::new(host.clone(), Some(root), Some(folder.join("marks")), environment);
        call(&shell, "start", Value::Null).await.unwrap();
        let areas = json!([{ "name": "453!#FEQ" }]);
        let set_up = json!({
            "facilityName": "한빛역", "terminalName": "단말 1", "areas": areas, "managerName": "박서연", "pin": "135790",
        });
        call(&shell, "set_up", set_up).await.unwrap();
        (host, shell)
    }

    async fn register(shell: &Shell, name: &str) -> String {
        let command = json!({ "type": "registerCustomer", "profile": { "name": name } });
        let recorded = call(shell, "record", json!({ "idempotencyKey": name, "command": command })).await.unwrap();
        recorded["customerId"].as_str().unwrap().to_owned()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn each_act_at_the_screens_is_found_in_the_access_log() {
        let folder = tempfile::tempdir().unwrap();
        let (host, shell) = desk(folder.path()).await;
        let customer = register(&shell, "홍길동").await;
        host.pick(&folder.path().join("picked.csv"));
        std::fs::write(folder.path().join("list.csv"), "이름\n김하늘\n").unwrap();
        let all = json!({ "filter": {}, "limit": 10 });
        let mypage = json!({ "customerId": customer, "filter": "visits", "limit": 10 });
        call(&shell, "customer_card", json!(customer)).await.unwrap();
        call(&shell, "mypage", mypage).await.unwrap();
        call(&shell, "search_customers", json!({ "text": "", "limit": 10 })).await.unwrap();
        call(&shell, "export_histories", json!({ "reason": "audit" })).await.unwrap();
        call(&shell, "note_printed", json!({ "count": 3 })).await.unwrap();
        call(&shell, "pairing", Value::Null).await.unwrap();
        call(&shell, "renew_key", Value::Null).await.unwrap();
        let made = call(&shell, "make_token", json!({ "name": "회전문", "scopes": ["enter"] })).await.unwrap();
        call(&shell, "rotate_token", made["token"]["tokenId"].clone()).await.unwrap();
        call(&shell, "revoke_token", made["token"]["tokenId"].clone()).await.unwrap();
        call(&shell, "stop_context", json!({ "name": "pay" })).await.unwrap();
        call(&shell, "start_context", json!("pay")).await.unwrap();
        call(&shell, "access_log", all).await.unwrap();
        call(&shell, "confirm_access_log", Value::Null).await.unwrap();
        host.pick(&folder.path().join("list.csv"));
        let preview = call(&shell, "preview_import", Value::Null).await.unwrap();
        call(&shell, "run_import", preview["previewId"].clone()).await.unwrap();
        let import = call(&shell, "imports", Value::Null).await.unwrap()[0]["importId"].clone();
        call(&shell, "take_back_import", import).await.unwrap();
        let erase = json!({ "type": "eraseCustomer", "customerId": customer, "reason": "not_seen" });
        call(&shell, "record", json!({ "idempotencyKey": "erase", "command": erase })).await.unwrap();
        host.pick(folder.path());
        call(&shell, "back_up", Value::Null).await.unwrap();
        let rows = logged(&shell).await;
        let found: BTreeSet<AccessAct> = rows.iter().map(|row| row.act).collect();
        for act in [
            AccessAct::CardOpened,
            AccessAct::MypageOpened,
            AccessAct::ListShown,
            AccessAct::Exported,
            AccessAct::Printed,
            AccessAct::Imported,
            AccessAct::ImportTakenBack,
            AccessAct::BackedUp,
            AccessAct::PairingShown,
            AccessAct::KeyChanged,
            AccessAct::Erased,
            AccessAct::TokenMade,
            AccessAct::TokenRotated,
            AccessAct::TokenRevoked,
            AccessAct::ContextStopped,
            AccessAct::ContextStarted,
            AccessAct::LogSeen,
            AccessAct::LogConfirmed,
        ] {
            assert!(found.contains(&act), "{act:?} isn't in {found:?}");
        }
        let by_staff = |row: &Access| matches!(row.by, AccessBy::Staff(_));
        assert!(rows.iter().all(by_staff), "{rows:?}");

        let backup = std::fs::read_dir(folder.path()).unwrap().flatten();
        let backup = backup.map(|entry| entry.path()).find(|path| path.join("manifest.json").exists()).unwrap();
        host.pick(&backup);
        call(&shell, "restore", Value::Null).await.unwrap();
        let after = logged(&shell).await;
        assert_eq!(after[0].act, AccessAct::Restored);
        assert_eq!(after.len(), rows.len() + 1, "nothing of the log was set back");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_was_cancelled_refused_or_names_nobody_is_logged_as_such_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let (host, shell) = desk(folder.path()).await;
        call(&shell, "export_histories", json!({ "reason": "audit" })).await.unwrap();
        call(&shell, "back_up", Value::Null).await.unwrap();
        call(&shell, "search_customers", json!({ "text": "아무도", "limit": 10 })).await.unwrap();
        call(&shell, "sync_chip", Value::Null).await.unwrap();
        assert_eq!(logged(&shell).await, [], "dialogs were cancelled, and nobody was shown");
        host.pick(&folder.path().join("picked.csv"));
        let refused = call(&shell, "export_customers", json!({})).await.unwrap_err();
        assert_eq!(refused.code.word(), "reason_needed");
        let refused = call(&shell, "export_histories", json!({})).await.unwrap_err();
        assert_eq!(refused.code.word(), "reason_needed");
        host.pick(&folder.path().join("missing").join("picked.csv"));
        call(&shell, "export_histories", json!({ "masked": true })).await.unwrap();
        let rows = logged(&shell).await;
        assert_eq!((rows.len(), rows[0].act), (1, AccessAct::Exported));
        assert_eq!(rows[0].outcome, nosmoke_ports::contract::AccessOutcome::Failed);
    }
}
