//! Tells a story: keeps the time, and what each customer has and owes, while facts are recorded.

use nosmoke_domain::fact::{
    CheckedIn, CheckedOut, Draft, Earned, Earning, Paid, Payload, Reclaimed, Recorder, VisitClosed, VisitVoided,
};
use nosmoke_domain::ids::{EventId, NoteId, PaymentId, PenaltyId, VisitId};
use nosmoke_domain::lots::{LastDay, Lots};
use nosmoke_domain::points::Points;
use nosmoke_domain::words::{CloseReason, OverrideReason, Standing, VoidReason};
use nosmoke_ports::{Note, Profile, search_keys};

use super::super::draw::Draw;
use super::super::setting::{MINUTE_MS, Setting, time};
use super::{Happening, Person, Story};

const SECOND_MS: i64 = 1_000;

/// What a customer has and owes.
#[derive(Debug, Default)]
pub(super) struct Account {
    /// The points held, and the life that holds them.
    pub(super) balance: u64,
    pub(super) holder: usize,
    pub(super) penalties: Vec<OpenPenalty>,
    /// The visit that nobody has ended.
    pub(super) open: Option<VisitId>,
}

#[derive(Debug)]
pub(super) struct OpenPenalty {
    pub(super) penalty_id: PenaltyId,
    pub(super) imposed: u64,
    pub(super) left: u64,
    pub(super) educated: bool,
}

impl Account {
    fn outstanding(&self) -> u64 {
        self.penalties.iter().map(|penalty| penalty.left).sum()
    }
}

/// How a visit goes on after the check-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    CheckedOut,
    /// A later check-in ends it.
    Forgotten,
    /// It is voided at once.
    Mistaken,
}

pub(super) struct Teller<'s> {
    pub(super) setting: &'s Setting,
    pub(super) draw: Draw,
    pub(super) at_ms: i64,
    pub(super) accounts: Vec<Account>,
    /// Whether the person's customers are known to be one person: then the worst standing counts for each.
    pub(super) linked: bool,
    story: Story,
}

impl<'s> Teller<'s> {
    pub(super) fn new(setting: &'s Setting, draw: Draw, people: Vec<Profile>, at_ms: i64) -> Self {
        let person = |profile: Profile| Person {
            keys: search_keys::keys(profile.name.as_deref(), profile.phone.as_deref(), profile.card.as_deref()),
            profile,
        };
        let accounts = people.iter().map(|_| Account::default()).collect();
        let story = Story { people: people.into_iter().map(person).collect(), ..Story::default() };
        Self { setting, draw, at_ms, accounts, linked: false, story }
    }

    pub(super) fn end(self) -> Story {
        self.story
    }

    pub(super) fn people(&self) -> &[Person] {
        &self.story.people
    }

    pub(super) fn pass(&mut self, least_ms: i64, beyond_ms: i64) {
        self.at_ms += self.draw.from(least_ms, beyond_ms);
    }

    /// Records a fact by somebody at the desk.
    pub(super) fn record(&mut self, who: usize, payload: impl Into<Payload>) -> EventId {
        let by = self.draw.of(&self.setting.staff[1..]);
        self.record_by(who, by, None, payload)
    }

    pub(super) fn record_by(
        &mut self,
        who: usize,
        by: Recorder,
        causation_id: Option<EventId>,
        payload: impl Into<Payload>,
    ) -> EventId {
        let event_id = self.draw.ordered(self.at_ms);
        let draft = Draft {
            event_id,
            customer_id: self.story.people[who].profile.customer_id,
            occurred_at: time(self.at_ms),
            recorded_at: time(self.at_ms),
            recorded_by: by,
            approved_by: None,
            causation_id,
            rules: self.setting.rules_at(self.at_ms).generation,
            traceparent: None,
            payload: payload.into(),
        };
        self.story.happenings.push_back(Happening { draft, note: None });
        event_id
    }

    /// Makes the id of a note; the note is added with [`Self::add_note`] after the fact that names it.
    pub(super) fn note_id(&mut self, chance_per_mille: u32) -> Option<NoteId> {
        self.draw.per_mille(chance_per_mille).then(|| self.draw.ordered(self.at_ms))
    }

    /// Adds a note to the last fact.
    pub(super) fn add_note(&mut self, note_id: Option<NoteId>, texts: &[&str]) {
        let Some(note_id) = note_id else { return };
        let text = self.draw.of(texts).to_owned();
        let last = self.story.happenings.back_mut().expect("a fact names the note");
        last.note = Some(Note { note_id, customer_id: last.draft.customer_id, text });
    }

    pub(super) fn life(&self) -> usize {
        self.setting.life_at(self.at_ms)
    }

    /// Takes over what an earlier life still holds, as after a restore.
    pub(super) fn take_over(&mut self, who: usize) {
        let (life, account) = (self.life(), &mut self.accounts[who]);
        let (holder, held) = (std::mem::replace(&mut account.holder, life), account.balance);
        if holder == life {
            return;
        }
        if let Ok(held) = Points::new(held) {
            let reclaimed = Reclaimed { from: self.setting.lives[holder], lots: Some(Lots::never(held)) };
            self.record_by(who, Recorder::Program, None, reclaimed);
            self.at_ms += SECOND_MS;
        }
    }

    /// The standing that a check-in reads, with what is outstanding.
    pub(super) fn standing(&self, who: usize) -> (Standing, u64) {
        let levels = &self.setting.rules_at(self.at_ms).levels;
        let of = |account: &Account| {
            let outstanding = account.outstanding();
            let standing = match outstanding {
                it if it >= levels.prohibit_at().get() => Standing::Prohibited,
                it if it >= levels.warn_at.get() => Standing::Warned,
                _ => Standing::Allowed,
            };
            (standing, outstanding)
        };
        let worst = self.accounts.iter().map(of).max().filter(|_| self.linked);
        worst.unwrap_or_else(|| of(&self.accounts[who]))
    }

    /// A visit with its earning. The points are those of the rules; none for a customer who was admitted in a ban.
    pub(super) fn visit(
        &mut self,
        who: usize,
        course: Course,
        admission: Option<OverrideReason>,
        (least, beyond): (i64, i64),
    ) -> VisitId {
        self.take_over(who);
        let known = self.standing(who);
        let (visit_id, _) = self.check_in(who, known, admission);
        match course {
            Course::Forgotten => self.accounts[who].open = Some(visit_id),
            Course::Mistaken => {
                self.pass(20 * SECOND_MS, 4 * MINUTE_MS);
                self.record(who, VisitVoided { visit_id, reason: VoidReason::WRONG_CUSTOMER });
            }
            Course::CheckedOut => {
                self.pass(least * MINUTE_MS, beyond * MINUTE_MS);
                self.check_out(who, visit_id, admission.is_none());
            }
        }
        visit_id
    }

    /// A check-in, which first ends the visit that was forgotten before it, as the program decides it.
    pub(super) fn check_in(
        &mut self,
        who: usize,
        (standing, outstanding): (Standing, u64),
        admission: Option<OverrideReason>,
    ) -> (VisitId, EventId) {
        let by = self.draw.of(&self.setting.staff[1..]);
        if let Some(visit_id) = self.accounts[who].open.take() {
            self.record_by(who, by, None, VisitClosed { visit_id, reason: CloseReason::NEXT_CHECK_IN });
        }
        let visit_id = self.draw.ordered(self.at_ms);
        let area_id = self.draw.of(&self.setting.areas);
        let standing_as_of = time(self.at_ms - 5 * SECOND_MS);
        let checked_in = CheckedIn { visit_id, area_id, standing, outstanding, standing_as_of, admission };
        (visit_id, self.record_by(who, by, None, checked_in))
    }

    pub(super) fn check_out(&mut self, who: usize, visit_id: VisitId, earns: bool) {
        // Nobody earns while the folder is being restored: the life that checks out also records the earning.
        self.take_over(who);
        let points = self.setting.rules_at(self.at_ms).points_per_visit;
        let earning_id = self.draw.ordered(self.at_ms);
        let earning = earns.then_some(Earning { earning_id, points, expires_on: LastDay::Never });
        let out = self.record(who, CheckedOut { visit_id, earning, daily_cap: None });
        let Some(Earning { earning_id, points, expires_on }) = earning else { return };
        self.pass(4, 60);
        let earned = Earned { earning_id, visit_id, points, expires_on };
        self.record_by(who, Recorder::Program, Some(out), earned);
        self.accounts[who].balance += points.get();
    }

    /// A payment, if the customer has the points.
    pub(super) fn pay(&mut self, who: usize, price: u64, noted_per_mille: u32) -> Option<PaymentId> {
        const NOTES: [&str; 4] = ["커피 쿠폰", "음료 교환", "금연 껌", "휴대용 재떨이"];
        self.take_over(who);
        let account = &mut self.accounts[who];
        account.balance = account.balance.checked_sub(price)?;
        let payment_id = self.draw.ordered(self.at_ms);
        let note = self.note_id(noted_per_mille);
        let lots = Lots::never(Points::new(price).expect("a price isn't 0"));
        let paid = Paid::new(payment_id, self.draw.ordered(self.at_ms), lots, note);
        self.record(who, paid);
        self.add_note(note, &NOTES);
        Some(payment_id)
    }
}
