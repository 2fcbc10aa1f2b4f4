//! Converts between domain values and columns.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::Hash;
use nosmoke_ports::{Context, ReferenceKind, StoreError, Topic, Worker};
use serde::de::IntoDeserializer;
use serde::de::value::Error;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::corrupt;
use crate::sqlite::Column;

/// The key of the setting that holds the form of the stored search keys and of their words.
pub(crate) const SEARCH_FORM: &str = "search_form";

/// Serialises a unit variant of an enum to the word that facts use for it, such as `PROHIBITED`.
pub(crate) fn to_text<T: Serialize>(word: &T) -> Result<String, StoreError> {
    match serde_json::to_value(word) {
        Ok(serde_json::Value::String(text)) => Ok(text),
        other => Err(StoreError::Failed(format!("a word isn't stored as text but as {other:?}"))),
    }
}

pub(crate) fn from_text<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, StoreError> {
    T::deserialize(IntoDeserializer::<Error>::into_deserializer(text)).map_err(corrupt)
}

pub(crate) fn time(ms: i64) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp_millis(ms).ok_or_else(|| corrupt(format!("{ms} ms isn't a valid time")))
}

/// Writes ids as a JSON array for `json_each`, as hexadecimal digits for `unhex`.
pub(crate) fn id_list(ids: impl IntoIterator<Item = Uuid>) -> String {
    let mut list = String::from("[");
    for (index, id) in ids.into_iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let _ = write!(list, "{comma}\"{}\"", id.simple());
    }
    list.push(']');
    list
}

pub(crate) fn amount(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_| StoreError::Failed(format!("the number {value} is too large for SQLite")))
}

pub(crate) fn unsigned(value: i64) -> Result<u64, StoreError> {
    u64::try_from(value).map_err(|_| corrupt(format!("the number {value} is negative")))
}

/// Reads a fact's hash.
pub(crate) fn hash(column: Column<'_>) -> Result<Hash, StoreError> {
    column.blob().try_into().map(Hash).map_err(|_| corrupt("a hash isn't 32 bytes"))
}

/// Converts a number of rows to the parameter of a `LIMIT`.
pub(crate) fn limit(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

pub(crate) const fn context(context: Context) -> &'static str {
    match context {
        Context::CheckIn => "check_in",
        Context::Point => "point",
    }
}

pub(crate) const fn worker(worker: Worker) -> &'static str {
    match worker {
        Worker::CheckIn => "check_in",
        Worker::Point => "point",
        Worker::Earning => "earning",
        Worker::Penalty => "penalty",
        Worker::Giving => "giving",
        Worker::HandingOver => "handing_over",
        Worker::Revising => "revising",
        Worker::Review => "review",
        Worker::Mypage => "mypage",
    }
}

pub(crate) const fn reference(kind: ReferenceKind) -> &'static str {
    match kind {
        ReferenceKind::Facility => "facility",
        ReferenceKind::Area => "area",
        ReferenceKind::Rules => "rules",
        ReferenceKind::Staff => "staff",
        ReferenceKind::Terminal => "terminal",
        ReferenceKind::Hub => "hub",
        ReferenceKind::Token => "token",
        ReferenceKind::Keeping => "keeping",
        ReferenceKind::Recovery => "recovery",
        ReferenceKind::Plan => "plan",
        ReferenceKind::PlanPiece => "plan_piece",
    }
}

pub(crate) fn reference_kind(word: &str) -> Result<ReferenceKind, StoreError> {
    use ReferenceKind::{Area, Facility, Hub, Keeping, Plan, PlanPiece, Recovery, Rules, Staff, Terminal, Token};
    let kinds = [Facility, Area, Rules, Staff, Terminal, Hub, Token, Keeping, Recovery, Plan, PlanPiece];
    let kind = kinds.into_iter().find(|kind| reference(*kind) == word);
    kind.ok_or_else(|| corrupt(format!("unknown kind of reference document: {word}")))
}

pub(crate) const fn topic(topic: Topic) -> &'static str {
    match topic {
        Topic::Facts => "facts",
        Topic::Profiles => "profiles",
        Topic::Reference => "reference",
        Topic::Requests => "requests",
        Topic::Heartbeats => "heartbeats",
    }
}

pub(crate) fn topic_of(word: &str) -> Result<Topic, StoreError> {
    let found = Topic::ALL.into_iter().find(|known| topic(*known) == word);
    found.ok_or_else(|| corrupt(format!("unknown topic: {word}")))
}
