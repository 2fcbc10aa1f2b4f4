//! A row of the access log in columns, and the bytes that its hash covers.

use nosmoke_domain::fact::{Hash, chain_hash};
use nosmoke_domain::ids::{CustomerId, StaffId, TerminalId};
use nosmoke_ports::contract::ErrorCode;
use nosmoke_ports::{Access, AccessBy, AccessRow, StoreError, StoredAccess};
use serde_json::json;

use crate::error::corrupt;
use crate::sqlite::Row;
use crate::words::{self, from_text};

/// The columns of `access` in the order in which [`Columns::read`] reads them.
macro_rules! columns {
    () => {
        "number, at_ms, by_kind, by_id, terminal_id, act, whose, outcome, code, reason, count, hash"
    };
}
pub(super) use columns;

/// A row as its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    pub number: i64,
    pub at_ms: i64,
    pub by_kind: String,
    pub by_id: String,
    pub terminal_id: Option<Vec<u8>>,
    pub act: String,
    pub whose: Option<Vec<u8>>,
    pub outcome: String,
    pub code: Option<String>,
    pub reason: Option<String>,
    pub count: i64,
}

impl Columns {
    pub(super) fn of(number: i64, row: &AccessRow) -> Result<Self, StoreError> {
        let AccessRow { at, terminal_id, access } = row;
        let (by_kind, by_id) = party(access.by);
        Ok(Self {
            number,
            at_ms: at.timestamp_millis(),
            by_kind: by_kind.to_owned(),
            by_id,
            terminal_id: terminal_id.map(|id| id.0.as_bytes().to_vec()),
            act: words::to_text(&access.act)?,
            whose: access.whose.map(|id| id.0.as_bytes().to_vec()),
            outcome: words::to_text(&access.outcome)?,
            code: access.code.map(ErrorCode::word),
            reason: access.reason.as_ref().map(words::to_text).transpose()?,
            count: access.count.into(),
        })
    }

    /// Reads the columns, and the hash that is stored with them.
    pub(super) fn read(row: &Row<'_>) -> Result<(Self, Hash), StoreError> {
        let text = |index| row.optional(index, |column| column.text().map(str::to_owned));
        let blob = |index| row.optional(index, |column| Ok(column.blob().to_vec()));
        let columns = Self {
            number: row.int(0),
            at_ms: row.int(1),
            by_kind: row.text(2)?.to_owned(),
            by_id: row.text(3)?.to_owned(),
            terminal_id: blob(4)?,
            act: row.text(5)?.to_owned(),
            whose: blob(6)?,
            outcome: row.text(7)?.to_owned(),
            code: text(8)?,
            reason: text(9)?,
            count: row.int(10),
        };
        Ok((columns, words::hash(row.column(11))?))
    }

    /// The hash of this row after the row with the hash `previous`.
    pub(super) fn hash(&self, previous: Hash) -> Hash {
        let hex = |bytes: &Option<Vec<u8>>| bytes.as_ref().map(|bytes| hex_of(bytes));
        let bytes = json!([
            self.number,
            self.at_ms,
            self.by_kind,
            self.by_id,
            hex(&self.terminal_id),
            self.act,
            hex(&self.whose),
            self.outcome,
            self.code,
            self.reason,
            self.count
        ]);
        chain_hash(previous, bytes.to_string().as_bytes())
    }

    pub(super) fn stored(self) -> Result<StoredAccess, StoreError> {
        let id = |bytes: Vec<u8>| uuid::Uuid::from_slice(&bytes).map_err(corrupt);
        let access = Access {
            by: by(&self.by_kind, &self.by_id)?,
            act: from_text(&self.act)?,
            whose: self.whose.map(id).transpose()?.map(CustomerId),
            outcome: from_text(&self.outcome)?,
            code: self.code.as_deref().map(from_text).transpose()?,
            reason: self.reason.as_deref().map(from_text).transpose()?,
            count: u32::try_from(self.count).map_err(corrupt)?,
        };
        let terminal_id = self.terminal_id.map(id).transpose()?.map(TerminalId);
        Ok(StoredAccess { number: self.number, row: AccessRow { at: words::time(self.at_ms)?, terminal_id, access } })
    }
}

fn hex_of(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The kind and the id of a party, as the columns have them.
pub(super) fn party(by: AccessBy) -> (&'static str, String) {
    match by {
        AccessBy::Staff(id) => ("staff", id.to_string()),
        AccessBy::Token(id) => ("token", id.to_string()),
        AccessBy::Program => ("program", String::new()),
        AccessBy::Nobody => ("nobody", String::new()),
    }
}

fn by(kind: &str, id: &str) -> Result<AccessBy, StoreError> {
    match kind {
        "staff" => id.parse().map(|id| AccessBy::Staff(StaffId(id))).map_err(corrupt),
        "token" => id.parse().map(AccessBy::Token).map_err(corrupt),
        "program" => Ok(AccessBy::Program),
        "nobody" => Ok(AccessBy::Nobody),
        _ => Err(corrupt(format!("unknown party of the access log: {kind}"))),
    }
}
