//! The rows of `journal.db`.

use std::path::Path;

use nosmoke_domain::fact::{FactType, Hash, Novelty, Origin, Sealed};
use nosmoke_ports::{Digest, InsideRow, Note, PenaltyRow};
use rusqlite::{Result, params};
use serde::Serialize;
use uuid::Uuid;

use super::bulk::Bulk;
use super::derive::{CustomerRows, RowsOfFacts};
use super::story::Person;

/// 1 GiB: the unique index of hashes grows while facts are added.
const CACHE_KIB: u32 = 1 << 20;
/// The workers whose checkpoints are in the journal and follow its feed.
const WORKERS: [&str; 5] = ["check_in", "point", "earning", "penalty", "review"];

#[derive(Debug)]
pub(super) struct JournalFile {
    bulk: Bulk,
    /// The last change of the feed.
    pub(super) last_change: i64,
    digest: Digest,
}

/// A life of the folder with the number of its facts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Life {
    pub(super) origin: Origin,
    pub(super) facts: u64,
    /// The feed's last change before it.
    pub(super) before: i64,
}

impl JournalFile {
    pub(super) fn open(file: &Path) -> Result<Self> {
        Ok(Self { bulk: Bulk::open(file, CACHE_KIB)?, last_change: 0, digest: Digest::default() })
    }

    pub(super) fn add_fact(&mut self, sealed: &Sealed, novelty: Novelty) -> Result<()> {
        let fact = &sealed.fact;
        self.last_change += 1;
        self.digest.add(sealed.hash);
        self.bulk.put(
            "INSERT INTO fact (change_seq, hash, prev_hash, event_id, incarnation, seq, customer_id, subject, related, \
             occurred_at_ms, received_at_ms, type, version, bytes, novelty) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
            params![
                self.last_change,
                blob(&sealed.hash),
                blob(&sealed.previous),
                fact.event_id.0,
                fact.origin.incarnation.0,
                amount(fact.seq),
                fact.customer_id.0,
                fact.subject(),
                fact.also_about(),
                fact.occurred_at.timestamp_millis(),
                fact.recorded_at.timestamp_millis(),
                fact.payload.fact_type().map_or("", FactType::name),
                1,
                &sealed.bytes[..],
                match novelty {
                    Novelty::New | Novelty::Whole => 0,
                    Novelty::Repeats => 1,
                    Novelty::Collides => 2,
                },
            ],
        )?;
        self.bulk.put(
            "INSERT INTO fact_of_recorder (recorder_id, at_ms, change_seq) VALUES (?1, ?2, ?3)",
            params![fact.recorded_by.id().0, fact.recorded_at.timestamp_millis(), self.last_change],
        )
    }

    pub(super) fn add_note(&mut self, note: &Note) -> Result<()> {
        let sql = "INSERT INTO note (note_id, customer_id, text) VALUES (?1, ?2, ?3)";
        self.bulk.put(sql, params![note.note_id.0, note.customer_id.0, note.text])?;
        self.add_pending_document("note", note.note_id.0, Some(note.customer_id.0))
    }

    pub(super) fn add_customer(&mut self, rows: &CustomerRows) -> Result<()> {
        let id = rows.person.profile.customer_id.0;
        self.add_profile(rows)?;
        if let Some(RowsOfFacts { visits, account, tip }) = &rows.of_facts {
            let sql = "INSERT INTO snapshot (context, customer_id, change_seq, state) VALUES (?1, ?2, ?3, ?4)";
            self.bulk.put(sql, params!["check_in", id, visits.change_seq, &visits.state[..]])?;
            self.bulk.put(sql, params!["point", id, account.change_seq, &account.state[..]])?;
            let sql = "INSERT INTO tip (customer_id, event_id, awaited) VALUES (?1, ?2, 0)";
            self.bulk.put(sql, params![id, tip.0])?;
        }
        if let Some(copy) = &rows.standing {
            self.bulk.put(
                "INSERT INTO standing (customer_id, standing, outstanding, levels, changes, as_of_ms) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    id,
                    word(&copy.standing),
                    copy.outstanding.0.to_string(),
                    json(&copy.levels),
                    json(&copy.changes),
                    copy.as_of.timestamp_millis(),
                ],
            )?;
        }
        for InsideRow { visit_id, area_id, since, .. } in &rows.inside {
            let sql = "INSERT INTO inside (visit_id, customer_id, area_id, since_ms) VALUES (?1, ?2, ?3, ?4)";
            self.bulk.put(sql, params![visit_id.0, id, area_id.0, since.timestamp_millis()])?;
        }
        if let Some((at, area)) = rows.last_visit {
            let sql = "INSERT INTO last_visit (customer_id, at_ms, area_id) VALUES (?1, ?2, ?3)";
            self.bulk.put(sql, params![id, at.timestamp_millis(), area.0])?;
        }
        rows.penalties.iter().try_for_each(|row| self.add_penalty(row))?;
        for row in &rows.cases {
            self.bulk.put(
                "INSERT INTO open_case (reason, about, customer_id, began_at_ms, facts, points) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    row.case.reason.as_str(),
                    row.case.about.as_str(),
                    id,
                    row.began_at.timestamp_millis(),
                    json(&row.facts),
                    row.points.map(amount),
                ],
            )?;
        }
        Ok(())
    }

    fn add_profile(&mut self, rows: &CustomerRows) -> Result<()> {
        let Person { profile, keys } = &rows.person;
        let seen = rows.last_visit.map_or(profile.registered_at, |(at, _)| at.max(profile.registered_at));
        self.bulk.put(
            "INSERT INTO profile (customer_id, revision, event_id, base_revision, name, phone, card, registered_at_ms, \
             erased, name_key, initials_key, phone_key, card_key, consent_on, bases, edited_from, seen_at_ms) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9, ?10, ?11, ?12, NULL, ?13, NULL, ?14)",
            params![
                profile.customer_id.0,
                profile.revision,
                profile.event_id.0,
                profile.base_revision,
                profile.name,
                profile.phone,
                profile.card,
                profile.registered_at.timestamp_millis(),
                keys.name,
                keys.initials,
                keys.phone_digits,
                keys.card,
                json(&profile.bases),
                seen.timestamp_millis(),
            ],
        )?;
        self.add_pending_document("profile", profile.customer_id.0, None)
    }

    fn add_penalty(&mut self, row: &PenaltyRow) -> Result<()> {
        self.bulk.put(
            "INSERT INTO open_penalty (penalty_id, customer_id, imposed_at_ms, code, points, outstanding, educated, \
             area_id, imposed_change_seq) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                row.penalty_id.0,
                row.customer_id.0,
                row.imposed_at.timestamp_millis(),
                word(&row.code),
                amount(row.points),
                amount(row.outstanding),
                row.educated,
                row.area_id.map(|id| id.0),
                row.imposed_change_seq,
            ],
        )
    }

    fn add_pending_document(&mut self, kind: &str, id: Uuid, customer: Option<Uuid>) -> Result<()> {
        let sql = "INSERT INTO pending_document (kind, id, customer_id) VALUES (?1, ?2, ?3)";
        self.bulk.put(sql, params![kind, id, customer])
    }

    /// Adds what the journal knows of all facts together, and makes the indexes.
    pub(super) fn end(mut self, lives: &[Life]) -> Result<()> {
        let bulk = &mut self.bulk;
        bulk.put("UPDATE origin SET left_behind = ?1", params![lives.len() > 1])?;
        for (place, Life { origin, facts, .. }) in lives.iter().enumerate() {
            if place > 0 {
                bulk.put(
                    "INSERT INTO origin (incarnation, facility_id, terminal_id, left_behind) VALUES (?1, ?2, ?3, ?4)",
                    params![origin.incarnation.0, origin.facility_id.0, origin.terminal_id.0, place + 1 < lives.len()],
                )?;
            }
            if *facts > 0 {
                let sql = "INSERT INTO head (incarnation, seq, terminal_id) VALUES (?1, ?2, ?3)";
                bulk.put(sql, params![origin.incarnation.0, amount(*facts), origin.terminal_id.0])?;
            }
        }
        let before = lives.last().map_or(0, |life| life.before);
        let pending = "INSERT INTO pending (own, change_seq) SELECT ?1, change_seq FROM fact \
                       WHERE change_seq > ?2 AND change_seq <= ?3 ORDER BY change_seq";
        bulk.put(pending, params![0, 0, before])?;
        bulk.put(pending, params![1, before, self.last_change])?;
        bulk.put(
            "INSERT INTO tally (only, facts, digest) VALUES (1, ?1, ?2) \
             ON CONFLICT (only) DO UPDATE SET facts = excluded.facts, digest = excluded.digest",
            params![self.last_change, &self.digest.0[..]],
        )?;
        for worker in WORKERS {
            bulk.put(
                "INSERT INTO checkpoint (worker, change_seq) VALUES (?1, ?2) \
                 ON CONFLICT (worker) DO UPDATE SET change_seq = excluded.change_seq",
                params![worker, self.last_change],
            )?;
        }
        // The program makes the index of words when it opens the file.
        bulk.put("DELETE FROM setting WHERE key = 'search_form'", [])?;
        self.bulk.end()
    }
}

fn blob(hash: &Hash) -> &[u8] {
    &hash.0[..]
}

pub(super) fn amount(value: u64) -> i64 {
    i64::try_from(value).expect("an amount that isn't huge")
}

pub(super) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("rows are JSON")
}

/// The text of a word such as `PROHIBITED`.
pub(super) fn word(value: &impl Serialize) -> String {
    json(value).trim_matches('"').to_owned()
}
