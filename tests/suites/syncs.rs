//! The number of syncs to the disk that a command waits for, counted in SQLite's VFS. The workers don't run, because no
//! command waits for their commits, and their syncs would be counted.

use nosmoke_tests::disk::{self, Calls, calls};
use nosmoke_tests::shared_commit::commit_together;
use serde_json::json;

use crate::support::Desk;

const WAITING_COMMANDS: usize = 64;

/// Counts the syncs of the journal's commits: all of the log but those of checkpoints, which also sync the file.
struct CommitSyncs(&'static Calls, &'static Calls);

impl CommitSyncs {
    fn of(desk: &Desk) -> Self {
        let of_file = |name| calls(&desk.folder.path().join(name));
        Self(of_file("journal.db-wal"), of_file("journal.db"))
    }

    fn syncs(&self) -> i64 {
        let Self(log, file) = self;
        i64::try_from(log.syncs()).unwrap() - i64::try_from(file.syncs()).unwrap()
    }
}

#[tokio::test]
async fn a_command_alone_waits_for_one_sync() {
    disk::install();
    let desk = Desk::new().await;
    let log = CommitSyncs::of(&desk);
    let before = log.syncs();
    let customer = desk.customer("김민수").await;
    assert_eq!(log.syncs() - before, 1);
    let visit = desk.check_in(customer).await;
    assert_eq!(log.syncs() - before, 2);
    desk.check_out(visit).await;
    assert_eq!(log.syncs() - before, 3);
    desk.penalty(customer, 10).await;
    assert_eq!(log.syncs() - before, 4);
}

#[tokio::test]
async fn sixty_four_waiting_commands_share_one_sync() {
    disk::install();
    let desk = Desk::new().await;
    let log = CommitSyncs::of(&desk);
    let (caller, customer) = (desk.caller().await, desk.customer("김민수").await);
    let (before, facts) = (log.syncs(), desk.facts().await);
    let commands = (0..WAITING_COMMANDS).map(|number| {
        let command = json!({ "type": "imposePenalty", "customerId": customer, "points": 1 });
        let request = json!({ "idempotencyKey": format!("{number}"), "command": command });
        desk.terminal.commands.record(caller, request)
    });
    for answer in commit_together(desk.store.journal(), commands.collect()).await {
        answer.unwrap();
    }
    assert_eq!(log.syncs() - before, 1);
    assert_eq!(desk.facts().await - facts, WAITING_COMMANDS as u64);
}
