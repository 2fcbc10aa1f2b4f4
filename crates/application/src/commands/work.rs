//! Gives a command's decision access to the journal inside its transaction.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use nosmoke_domain::check_in::visit_of;
use nosmoke_domain::corrector::Corrector;
use nosmoke_domain::fact::{Draft, Payload, Recorded};
use nosmoke_domain::ids::{AreaId, CustomerId, EventId, IncarnationId, NoteId};
use nosmoke_domain::point::Account;
use nosmoke_domain::points::{Points, to_i64};
use nosmoke_domain::refusal::Refusal;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::Standing;
use nosmoke_ports::contract::{AppError, AreaRef, ErrorCode, UtcMs};
use nosmoke_ports::limits::{self, NAME_MAX, NOTE_MAX};
use nosmoke_ports::{Change, Ids, Note, Profile, ReferenceKind, Write};
use nosmoke_reading::occupancy::inside_rows;
use nosmoke_reading::plans;
use nosmoke_reading::reference::{self, AreaBody};
use nosmoke_reading::same_person::{linked, worst};
use nosmoke_reading::state::{InContext, load};
use nosmoke_runtime::heard::HeardIncarnations;
use nosmoke_runtime::present::Present;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::amounts::moment;
use super::refusal::to_app_error;
use super::shortage::Shortage;
use crate::gifts::Recording;
use crate::permission::Authority;

#[expect(missing_debug_implementations, reason = "holds an open transaction")]
pub struct Work<'a> {
    pub tx: &'a mut dyn Write,
    /// The clock, by which facts are stamped.
    pub now: DateTime<Utc>,
    /// The present moment, at which balances and standings are judged.
    pub moment: DateTime<Utc>,
    /// Who does it, with the role read in this transaction.
    pub authority: Authority,
    pub here: IncarnationId,
    pub rules: Rules,
    /// Whether the command wrote a profile or a reference document.
    pub has_put: bool,
    /// The points that the command lacks here.
    pub shortage: Option<Shortage>,
    /// The traceparent to store in the recorded facts.
    pub traceparent: Option<String>,
    /// The heartbeats of this run, which are newer than the journal's.
    pub heard: Arc<HeardIncarnations>,
    /// The customers whose visits the command changed.
    visitors: BTreeSet<CustomerId>,
    ids: &'a dyn Ids,
}

impl<'a> Work<'a> {
    /// Begins the work of a command in a transaction.
    ///
    /// # Errors
    /// `not_set_up`, or an error of the store.
    pub fn begin(
        tx: &'a mut dyn Write,
        present: Present,
        authority: Authority,
        ids: &'a dyn Ids,
    ) -> Result<Self, AppError> {
        let origin = tx.origin()?.ok_or_else(|| AppError::new(ErrorCode::NotSetUp))?;
        let rules = reference::rules(tx)?;
        Ok(Self {
            tx,
            now: present.clock,
            moment: present.moment,
            authority,
            here: origin.incarnation,
            rules,
            has_put: false,
            shortage: None,
            traceparent: None,
            heard: Arc::default(),
            visitors: BTreeSet::new(),
            ids,
        })
    }

    /// Returns a new id for an item recorded now.
    pub fn id<T: From<Uuid>>(&self) -> T {
        self.ids.ordered(self.now).into()
    }

    /// Returns a new id for a customer.
    pub fn customer_id(&self) -> CustomerId {
        CustomerId(self.ids.random())
    }

    /// Writes the next revision of a reference document.
    ///
    /// # Errors
    /// An error of the store.
    pub fn put<T: Serialize>(&mut self, kind: ReferenceKind, id: Uuid, body: &T) -> Result<(), AppError> {
        self.has_put = true;
        Ok(reference::put(self.tx, self.ids, self.now, (kind, id), body)?)
    }

    /// Stores the pieces of a plan's picture.
    ///
    /// # Errors
    /// An error of the store.
    pub fn put_pieces(&mut self, pieces: &[&[u8]]) -> Result<(), AppError> {
        self.has_put = true;
        Ok(plans::put_pieces(self.tx, self.ids, self.now, pieces)?)
    }

    /// Returns the customer's profile, or a refusal if this terminal doesn't know the customer.
    ///
    /// # Errors
    /// `unknown_customer`, or an error of the store.
    pub fn expect_customer(&mut self, customer: CustomerId) -> Result<Profile, AppError> {
        self.tx.profile(customer)?.ok_or_else(|| AppError::new(ErrorCode::UnknownCustomer))
    }

    /// Finds an area by id, or by a name that reads like its name. Of several areas with such a name, the first one in
    /// the list is meant.
    ///
    /// # Errors
    /// `area_retired` if only a retired area is meant, or an error of the store.
    pub fn find_area(&mut self, area_ref: &AreaRef) -> Result<Option<(AreaId, AreaBody)>, AppError> {
        let meant = match area_ref.0.parse::<AreaId>() {
            Ok(area_id) => reference::area(self.tx, area_id)?.map(|area| (area_id, area)).into_iter().collect(),
            Err(_) => reference::areas_named(self.tx, &area_ref.0)?,
        };
        let (retired, in_use): (Vec<_>, Vec<_>) = meant.into_iter().partition(|(_, area)| area.retired);
        match (in_use.into_iter().next(), retired.into_iter().next()) {
            (None, Some((_, area))) => Err(AppError::with(ErrorCode::AreaRetired, json!({ "areaName": area.name }))),
            (found, _) => Ok(found),
        }
    }

    /// Returns the area that a check-in names. If the name is unknown and the rules allow it, adds an area with this
    /// name. An unknown id is refused, because its area may still arrive from another terminal. A retired area isn't
    /// added again: that is for a manager to decide.
    ///
    /// # Errors
    /// `unknown_area`, `area_retired`; `empty`, `too_long`, `invalid_text`, or an error of the store.
    pub fn area_to_enter(&mut self, area_ref: &AreaRef) -> Result<(AreaId, AreaBody), AppError> {
        if let Some(found) = self.find_area(area_ref)? {
            return Ok(found);
        }
        if !self.rules.unknown_areas_allowed || area_ref.0.parse::<AreaId>().is_ok() {
            return Err(AppError::new(ErrorCode::UnknownArea));
        }
        limits::check_needed("areaId", &area_ref.0, NAME_MAX)?;
        let position = reference::next_position(&reference::areas(self.tx)?)?;
        let area_id: AreaId = self.id();
        let area = AreaBody { name: area_ref.0.clone(), capacity: None, retired: false, position };
        self.put(ReferenceKind::Area, area_id.0, &area)?;
        Ok((area_id, area))
    }

    /// Returns a customer's state in one context, including all facts up to now.
    ///
    /// # Errors
    /// An error of the store.
    pub fn state<S: InContext>(&mut self, customer: CustomerId) -> Result<S, AppError> {
        Ok(load::<S>(self.tx, customer)?.state)
    }

    /// Returns a customer's account, with everything that this data folder holds in the holding of `here`.
    ///
    /// # Errors
    /// An error of the store.
    pub fn account(&mut self, customer: CustomerId) -> Result<Account, AppError> {
        self.gifts().hand_on(self.tx, customer)?;
        self.state(customer)
    }

    /// Who corrects something with this command; `own` are the incarnations of the data folder.
    pub fn corrector<'b>(&'b self, own: &'b [IncarnationId]) -> Corrector<'b> {
        let (role, recorder_id) = (self.authority.role(), self.authority.recorded_by.id());
        Corrector { role, recorder_id, here: self.here, own, now: self.now, rules: &self.rules }
    }

    /// Returns the facts about one visit, payment or penalty, and the customer to whom they belong.
    ///
    /// # Errors
    /// Returns `unknown` if there are none, or an error of the store.
    pub fn about(&mut self, subject: Uuid, unknown: ErrorCode) -> Result<(CustomerId, Vec<Recorded>), AppError> {
        let facts = self.facts_about(subject)?;
        let customer = facts.first().ok_or_else(|| AppError::new(unknown))?.fact.customer_id;
        Ok((customer, facts))
    }

    /// Returns the facts about one visit, payment or penalty.
    ///
    /// # Errors
    /// An error of the store.
    pub fn facts_about(&mut self, subject: Uuid) -> Result<Vec<Recorded>, AppError> {
        Ok(self.tx.facts_about(&[subject].into())?.into_iter().map(|Change { recorded, .. }| recorded).collect())
    }

    /// Records one fact.
    ///
    /// # Errors
    /// An error of the store.
    pub fn append(&mut self, customer: CustomerId, payload: impl Into<Payload>) -> Result<EventId, AppError> {
        self.append_after(customer, payload, None)
    }

    /// Records one fact, optionally with the fact that caused it.
    ///
    /// # Errors
    /// An error of the store.
    pub fn append_after(
        &mut self,
        customer_id: CustomerId,
        payload: impl Into<Payload>,
        causation_id: Option<EventId>,
    ) -> Result<EventId, AppError> {
        let draft = self.draft(customer_id, payload.into(), causation_id);
        self.record(draft)
    }

    /// Records one fact that happened at an earlier moment.
    ///
    /// # Errors
    /// An error of the store.
    pub fn append_at(
        &mut self,
        customer_id: CustomerId,
        payload: impl Into<Payload>,
        occurred_at: DateTime<Utc>,
    ) -> Result<EventId, AppError> {
        let draft = self.draft(customer_id, payload.into(), None);
        self.record(Draft { occurred_at, ..draft })
    }

    /// When something happened that is recorded now: at an earlier moment if it is entered afterwards.
    ///
    /// # Errors
    /// `outside_entry_days`; `invalid_input` for a moment that doesn't exist.
    pub fn happened(&mut self, at: Option<UtcMs>) -> Result<DateTime<Utc>, AppError> {
        let Some(at) = at.map(|ms| moment("happenedAt", ms)).transpose()? else { return Ok(self.now) };
        let checked = self.rules.check_entry_days(at, self.now);
        checked.map(|()| at).map_err(|refusal| self.refuse(refusal, ErrorCode::InvalidInput))
    }

    fn record(&mut self, draft: Draft) -> Result<EventId, AppError> {
        let customer_id = draft.customer_id;
        if visit_of(&draft.payload).is_some() {
            self.note_visits_of(customer_id);
        }
        let event_id = draft.event_id;
        self.tx.append(vec![draft])?;
        Ok(event_id)
    }

    /// Records one fact of `by`: the current incarnation, or one of this folder that ended.
    ///
    /// # Errors
    /// An error of the store.
    pub fn append_by(
        &mut self,
        by: IncarnationId,
        customer: CustomerId,
        payload: impl Into<Payload>,
    ) -> Result<(), AppError> {
        let draft = self.draft(customer, payload.into(), None);
        if by == self.here {
            self.tx.append(vec![draft])?
        } else {
            self.tx.append_as(by, vec![draft])?
        };
        Ok(())
    }

    fn draft(&self, customer_id: CustomerId, payload: Payload, causation_id: Option<EventId>) -> Draft {
        Draft {
            event_id: self.id(),
            customer_id,
            occurred_at: self.now,
            recorded_at: self.now,
            recorded_by: self.authority.recorded_by,
            approved_by: self.authority.approved_by,
            causation_id,
            rules: self.rules.generation,
            traceparent: self.traceparent.clone(),
            payload,
        }
    }

    fn gifts(&self) -> Recording<'a> {
        Recording {
            rules: self.rules.generation,
            present: Present { clock: self.now, moment: self.moment },
            ids: self.ids,
        }
    }

    /// Lets [`Self::store_visits`] store a customer's visits again.
    pub fn note_visits_of(&mut self, customer: CustomerId) {
        self.visitors.insert(customer);
    }

    /// Stores who is inside, for the customers whose visits this command changed, so that the next command counts them
    /// before the projector runs.
    ///
    /// # Errors
    /// An error of the store.
    pub fn store_visits(&mut self) -> Result<(), AppError> {
        for customer in std::mem::take(&mut self.visitors) {
            let rows = inside_rows(customer, &self.state(customer)?);
            self.tx.put_inside(customer, &rows)?;
        }
        Ok(())
    }

    /// Stores a note and returns the note's id, which the fact contains. Stores no note about an erased customer.
    ///
    /// # Errors
    /// `too_long`, `invalid_text`, or an error of the store.
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

    /// Returns the outstanding penalty points of a customer, and the standing of the customer with all linked ids, both
    /// after the facts that this command has recorded.
    ///
    /// # Errors
    /// An error of the store.
    pub fn standing_after(&mut self, customer: CustomerId) -> Result<(i64, Standing), AppError> {
        let account: Account = self.state(customer)?;
        let outstanding = to_i64(account.outstanding(self.moment));
        let linked = linked(self.tx, customer, account)?;
        let standing = worst(&linked, &self.rules, self.moment);
        let standing = standing.map(|(_, account)| account.standing(&self.rules, self.moment));
        Ok((outstanding, standing.unwrap_or(Standing::Allowed)))
    }

    /// Converts a refusal of a command that takes `wanted` points of a customer, and notes whether they are missing
    /// here.
    pub fn refuse_points(
        &mut self,
        customer: CustomerId,
        wanted: Points,
        refusal: Refusal,
        unknown: ErrorCode,
    ) -> AppError {
        if matches!(refusal, Refusal::HeldElsewhere { .. } | Refusal::InsufficientPoints { .. }) {
            self.shortage = Some(Shortage { customer, wanted });
        }
        self.refuse(refusal, unknown)
    }

    /// Converts a refusal to an error for the screens.
    pub fn refuse(&mut self, refusal: Refusal, unknown: ErrorCode) -> AppError {
        to_app_error(self.tx, &self.heard, refusal, unknown)
    }
}
