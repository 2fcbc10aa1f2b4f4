//! Reads a desk's journal and Mypage's store directly, without the program's queries.

use std::collections::BTreeMap;
use std::path::Path;

use nosmoke_domain::fact::Payload;
use nosmoke_domain::ids::{CustomerId, IncarnationId};
use nosmoke_ports::{Change, EntryRow, ExportCursor, StoreError, read};
use nosmoke_store::ChainCursor;
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};

use crate::support::Desk;

impl Desk {
    /// Returns the whole change feed.
    pub async fn changes(&self) -> Vec<Change> {
        self.changes_after(0).await
    }

    pub async fn changes_after(&self, after: i64) -> Vec<Change> {
        read::<_, StoreError>(&*self.terminal.core.journal, move |tx| tx.changes(after, usize::MAX)).await.unwrap()
    }

    /// Returns every row of Mypage's store.
    pub async fn rows(&self) -> Vec<EntryRow> {
        let (mut rows, mut after) = (Vec::new(), None);
        loop {
            let block = self.terminal.workers.mypage.export_block(None, None, None, after, 1_000).await.unwrap();
            let Some(last) = block.rows.last() else { return rows };
            after = Some(ExportCursor::after(last));
            rows.extend(block.rows);
        }
    }

    /// Verifies the hash chains from a position of the change feed on, and returns the number of facts checked.
    pub async fn verify_after(&self, from: Option<ChainCursor>) -> u64 {
        let block = self.store.sqlite_journal().verify_chain(from, usize::MAX >> 1).await.unwrap();
        assert_eq!(block.broken, []);
        block.checked
    }
}

/// Checks that each incarnation's facts have the seqs 1, 2, 3 and so on.
pub fn assert_contiguous(changes: &[Change]) {
    let mut last: BTreeMap<IncarnationId, u64> = BTreeMap::new();
    for change in changes {
        let fact = &change.recorded.fact;
        let before = last.insert(fact.origin.incarnation, fact.seq).unwrap_or(0);
        assert_eq!(fact.seq, before + 1, "{:?}", fact.origin);
    }
}

/// Adds up the customers' balances. Fails if a balance was negative after any fact.
pub fn balances(changes: &[Change]) -> BTreeMap<CustomerId, i128> {
    let mut balances: BTreeMap<CustomerId, i128> = BTreeMap::new();
    let mut paid = BTreeMap::new();
    for change in changes {
        let fact = &change.recorded.fact;
        let moved = match &fact.payload {
            Payload::Earned(p) => p.points.sum(),
            Payload::Paid(p) => {
                paid.insert(p.payment_id(), p.points().sum());
                -p.points().sum()
            }
            Payload::PaymentVoided(p) => paid.remove(&p.payment_id).unwrap_or(0),
            Payload::PointsAdjusted(p) => i128::from(p.points().get()),
            _ => 0,
        };
        let balance = balances.entry(fact.customer_id).or_default();
        *balance += moved;
        assert!(*balance >= 0, "overdrawn by {change:?}");
    }
    balances
}

/// Returns the rows of a query on the journal of a closed folder, sorted.
pub async fn dump_table(folder: &Path, sql: &str) -> Vec<String> {
    let mut connection = journal(folder).await;
    let rows = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_all(&mut connection).await.unwrap();
    let mut rows: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    rows.sort();
    connection.close().await.unwrap();
    rows
}

/// Changes the journal of a closed folder with SQL, without the program.
pub async fn tamper(folder: &Path, sql: &str) {
    let mut connection = journal(folder).await;
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

async fn journal(folder: &Path) -> SqliteConnection {
    SqliteConnection::connect(folder.join("journal.db").to_str().unwrap()).await.unwrap()
}

/// Returns every row of every table in the databases of a folder, as text. The folder may be open.
pub async fn dump_all(folder: &Path) -> BTreeMap<String, Vec<String>> {
    let mut tables = BTreeMap::new();
    for file in ["journal.db", "mypage.db"] {
        let path = folder.join(file);
        let mut connection = SqliteConnection::connect(path.to_str().unwrap()).await.unwrap();
        // The index of words can't be listed; its own tables stand beside it.
        let names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'";
        for table in sqlx::query_scalar::<_, String>(names).fetch_all(&mut connection).await.unwrap() {
            let columns = format!(
                "SELECT group_concat('quote(\"' || name || '\")', ' || '','' || ') FROM pragma_table_info('{table}')"
            );
            let columns: String = sqlx::query_scalar(AssertSqlSafe(columns)).fetch_one(&mut connection).await.unwrap();
            let rows = format!("SELECT {columns} FROM \"{table}\" ORDER BY 1");
            let rows = sqlx::query_scalar(AssertSqlSafe(rows)).fetch_all(&mut connection).await.unwrap();
            tables.insert(format!("{file} {table}"), rows);
        }
        connection.close().await.unwrap();
    }
    tables
}
