//! What a command has at hand inside its transaction.

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::{Draft, Payload, Recorded, Recorder};
use nosmoke_domain::ids::{AreaId, CustomerId, EventId, IncarnationId, NoteId};
use nosmoke_domain::point::Account;
use nosmoke_domain::points::to_i64;
use nosmoke_domain::refusal::Refusal;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::Standing;
use nosmoke_ports::contract::{AppError, AreaRef, ErrorCode};
use nosmoke_ports::limits::{self, NAME_MAX, NOTE_MAX};
use nosmoke_ports::{Change, Ids, Note, Profile, ReferenceKind, Write};
use nosmoke_reading::reference::{self, AreaBody};
use nosmoke_reading::same_person::{linked, worst};
use nosmoke_reading::state::{InContext, load};
use serde::Serialize;
use uuid::Uuid;

use super::refusal::word;

#[expect(missing_debug_implementations, reason = "holds an open transaction")]
pub struct Work<'a> {
    pub tx: &'a mut dyn Write,
    pub now: DateTime<Utc>,
    pub recorder: Recorder,
    pub here: IncarnationId,
    pub rules: Rules,
    /// Reference data was written.
    pub has_put: bool,
    /// The trace that what is recorded becomes a part of.
    pub traceparent: Option<String>,
    ids: &'a dyn Ids,
}

impl<'a> Work<'a> {
    /// # Errors
    /// `not_set_up`, the store's.
    pub fn begin(
        tx: &'a mut dyn Write,
        now: DateTime<Utc>,
        recorder: Recorder,
        ids: &'a dyn Ids,
    ) -> Result<Self, AppError> {
        let origin = tx.origin()?.ok_or_else(|| AppError::new(ErrorCode::NotSetUp))?;
        let rules = reference::rules(tx)?;
        Ok(Self { tx, now, recorder, here: origin.incarnation, rules, has_put: false, traceparent: None, ids })
    }

    /// A new id for something recorded now.
    pub fn id<T: From<Uuid>>(&self) -> T {
        self.ids.ordered(self.now).into()
    }

    /// A new id for a person.
    pub fn customer_id(&self) -> CustomerId {
        CustomerId(self.ids.random())
    }

    /// Writes the next revision of a reference record.
    ///
    /// # Errors
    /// The store's.
    pub fn put<T: Serialize>(&mut self, kind: ReferenceKind, id: Uuid, body: &T) -> Result<(), AppError> {
        self.has_put = true;
        Ok(reference::put(self.tx, self.ids, self.now, (kind, id), body)?)
    }

    /// The customer's profile; anyone who isn't registered here can't be acted for.
    ///
    /// # Errors
    /// `unknown_customer`, the store's.
    pub fn expect_customer(&mut self, customer: CustomerId) -> Result<Profile, AppError> {
        self.tx.profile(customer)?.ok_or_else(|| AppError::new(ErrorCode::UnknownCustomer))
    }

    /// The area in use that is meant.
    ///
    /// # Errors
    /// The store's.
    pub fn find_area(&mut self, meant: &AreaRef) -> Result<Option<(AreaId, AreaBody)>, AppError> {
        if let Ok(area_id) = meant.0.parse::<AreaId>() {
            let area = reference::area(self.tx, area_id)?.filter(|area| !area.retired);
            return Ok(area.map(|area| (area_id, area)));
        }
        Ok(reference::areas(self.tx)?.into_iter().find(|(_, area)| !area.retired && area.name == meant.0))
    }

    /// The area that a check-in names, added where it isn't known and the rules allow it. An id that isn't known is no name:
    /// its area may be on the way from another terminal.
    ///
    /// # Errors
    /// `unknown_area`; `empty`, `too_long`, `invalid_text`; the store's.
    pub fn area_to_enter(&mut self, meant: &AreaRef) -> Result<(AreaId, AreaBody), AppError> {
        if let Some(found) = self.find_area(meant)? {
            return Ok(found);
        }
        if !self.rules.unknown_areas_allowed || meant.0.parse::<AreaId>().is_ok() {
            return Err(AppError::new(ErrorCode::UnknownArea));
        }
        limits::check_needed("areaId", &meant.0, NAME_MAX)?;
        let position = reference::areas(self.tx)?.iter().map(|(_, area)| area.position).max().unwrap_or(0) + 1;
        let area_id: AreaId = self.id();
        let area = AreaBody { name: meant.0.clone(), capacity: None, retired: false, position };
        self.put(ReferenceKind::Area, area_id.0, &area)?;
        Ok((area_id, area))
    }

    /// # Errors
    /// The store's.
    pub fn state<S: InContext>(&mut self, customer: CustomerId) -> Result<S, AppError> {
        Ok(load::<S>(self.tx, customer)?.state)
    }

    /// The facts about one visit, payment or penalty, and whose they are.
    ///
    /// # Errors
    /// `unknown` when there are none, the store's.
    pub fn about(&mut self, subject: Uuid, unknown: ErrorCode) -> Result<(CustomerId, Vec<Recorded>), AppError> {
        let facts: Vec<Recorded> =
            self.tx.facts_about(&[subject].into())?.into_iter().map(|Change { recorded, .. }| recorded).collect();
        let customer = facts.first().ok_or_else(|| AppError::new(unknown))?.fact.customer_id;
        Ok((customer, facts))
    }

    /// Records one fact.
    ///
    /// # Errors
    /// The store's.
    pub fn append(&mut self, customer: CustomerId, payload: impl Into<Payload>) -> Result<EventId, AppError> {
        self.append_after(customer, payload, None)
    }

    /// Records one fact that another brought about.
    ///
    /// # Errors
    /// The store's.
    pub fn append_after(
        &mut self,
        customer_id: CustomerId,
        payload: impl Into<Payload>,
        causation_id: Option<EventId>,
    ) -> Result<EventId, AppError> {
        let event_id = self.id();
        self.tx.append(vec![Draft {
            event_id,
            customer_id,
            occurred_at: self.now,
            recorded_by: self.recorder,
            causation_id,
            rules: self.rules.generation,
            traceparent: self.traceparent.clone(),
            payload: payload.into(),
        }])?;
        Ok(event_id)
    }

    /// Keeps a note beside the fact that will name it; none about a person who was erased.
    ///
    /// # Errors
    /// `too_long`, `invalid_text`, the store's.
    pub fn note(&mut self, customer_id: CustomerId, text: Option<String>) -> Result<Option<NoteId>, AppError> {
        let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
        if self.tx.profile(customer_id)?.is_some_and(|profile| profile.erased) {
            return Ok(None);
        }
        limits::check_text("note", &text, NOTE_MAX)?;
        let note_id = NoteId(self.ids.random());
        self.tx.put_note(&Note { note_id, customer_id, text })?;
        Ok(Some(note_id))
    }

    /// The outstanding penalty and the standing after what was just recorded, linked ids counted.
    ///
    /// # Errors
    /// The store's.
    pub fn standing_after(&mut self, customer: CustomerId) -> Result<(i64, Standing), AppError> {
        let account: Account = self.state(customer)?;
        let outstanding = to_i64(account.outstanding());
        let linked = linked(self.tx, customer, account)?;
        let standing = worst(&linked, &self.rules).map(|(_, account)| account.standing(&self.rules));
        Ok((outstanding, standing.unwrap_or(Standing::Allowed)))
    }

    /// Words a refusal for the screens.
    pub fn refuse(&mut self, refusal: Refusal, unknown: ErrorCode) -> AppError {
        word(self.tx, refusal, unknown)
    }
}
