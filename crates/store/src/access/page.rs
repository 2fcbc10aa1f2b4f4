//! Reads pages of the access log, newest first.

use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::{AccessAct, AccessOutcome};
use nosmoke_ports::{AccessExtent, AccessQuery, StoreError, StoredAccess};

use super::row::{Columns, columns, party};
use crate::error::corrupt;
use crate::sqlite::{Connection, ToSql, params};
use crate::words::{self, id_list};

pub(super) fn page(db: &mut Connection, query: &AccessQuery) -> Result<Vec<StoredAccess>, StoreError> {
    let (sql, values) = statement(query)?;
    let values: Vec<&dyn ToSql> = values.iter().map(|value| &**value as &dyn ToSql).collect();
    let rows = db.rows(&sql, &values, Columns::read)?;
    rows.into_iter().map(|(columns, _)| columns.stored()).collect()
}

type Value = Box<dyn ToSql>;

/// Returns the statement of a query with its parameters. There are as many statements as combinations of filters.
pub(super) fn statement(query: &AccessQuery) -> Result<(String, Vec<Value>), StoreError> {
    let mut conditions = Vec::new();
    let mut values: Vec<Value> = Vec::new();
    let mut add = |condition: &str, given: Vec<Value>| {
        let mut condition = condition.to_owned();
        for value in given {
            values.push(value);
            condition = condition.replacen('?', &format!(":{}", values.len()), 1);
        }
        conditions.push(condition.replace(':', "?"));
    };
    if let Some(by) = query.by {
        let (kind, id) = party(by);
        add("by_kind = ? AND by_id = ?", vec![Box::new(kind), Box::new(id)]);
    }
    if let Some(act) = &query.act {
        add("act = ?", vec![Box::new(words::to_text(act)?)]);
    }
    if let Some(whose) = query.whose {
        add("whose = ?", vec![Box::new(whose.0.as_bytes().to_vec())]);
    }
    if let Some(outcome) = &query.outcome {
        add("outcome = ?", vec![Box::new(words::to_text(outcome)?)]);
        if *outcome != AccessOutcome::Done {
            // So that the index of these rows can be used.
            add("outcome <> 'done'", Vec::new());
        }
    }
    if let Some(from) = query.from {
        add("at_ms >= ?", vec![Box::new(from.timestamp_millis())]);
    }
    if let Some(until) = query.until {
        add("at_ms < ?", vec![Box::new(until.timestamp_millis())]);
    }
    if let Some((at, number)) = query.before {
        add("(at_ms, number) < (?, ?)", vec![Box::new(at.timestamp_millis()), Box::new(number)]);
    }
    add("TRUE ORDER BY at_ms DESC, number DESC LIMIT ?", vec![Box::new(words::limit(query.limit))]);
    let sql = format!(concat!("SELECT ", columns!(), " FROM access WHERE {}"), conditions.join(" AND "));
    Ok((sql, values))
}

pub(super) fn extent(db: &mut Connection) -> Result<AccessExtent, StoreError> {
    // Numbers have no gaps.
    let sql = "SELECT coalesce((SELECT max(number) FROM access), number) - number, \
         (SELECT at_ms FROM access ORDER BY number LIMIT 1) FROM pruned WHERE only = 1";
    let found = db.row(sql, params![], |row| Ok((row.int(0), row.optional(1, |column| Ok(column.int()))?)))?;
    let (rows, oldest_ms) = found.ok_or_else(|| corrupt("the access log doesn't say where it begins"))?;
    let confirmed = AccessQuery {
        act: Some(AccessAct::LogConfirmed),
        outcome: Some(AccessOutcome::Done),
        limit: 1,
        ..AccessQuery::default()
    };
    let last_confirmed = page(db, &confirmed)?.pop();
    Ok(AccessExtent { rows, oldest_at: oldest_ms.map(words::time).transpose()?, last_confirmed })
}

pub(super) fn count_about(db: &mut Connection, customers: &[CustomerId]) -> Result<u32, StoreError> {
    let sql = "SELECT count(*) FROM access WHERE whose IN (SELECT unhex(value) FROM json_each(?1))";
    let ids = id_list(customers.iter().map(|id| id.0));
    let count = db.row(sql, params![ids], |row| Ok(row.int(0)))?.unwrap_or_default();
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}
