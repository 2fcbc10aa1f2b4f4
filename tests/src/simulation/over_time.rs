//! What time changes, in half of the seeds: rule sets with lapses, bans that end, points that expire and codes of their
//! own, published now and then while terminals have wrong clocks; and the checks of states at random moments.

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;
use nosmoke_domain::days::Days;
use nosmoke_domain::fact::{Draft, LevelsRevised, Recorder};
use nosmoke_domain::ids::{CustomerId, EventId};
use nosmoke_domain::lapse::{How, Lapse};
use nosmoke_domain::point::{Account, StandingCopy};
use nosmoke_domain::points::Points;
use nosmoke_domain::rules::{Level, Levels, Prohibit, Rules};
use nosmoke_domain::words::{PenaltyCode, Role};
use nosmoke_ports::contract::{Command, ImposePenalty, Moment, MomentView, MypageFilter, MypageInput};
use nosmoke_ports::{Clock, Ids, Read, ReferenceKind, StandingRow, StoreError, Write, read};
use nosmoke_reading::moment::{account_at, facts_at};
use nosmoke_reading::reference;
use nosmoke_reading::same_person::{linked, worst};
use nosmoke_reading::state::load;

use super::invariants::{Broken, Invariant, ensure};
use super::terminal::{Node, block_on};
use super::world::World;

/// One of this many steps changes the rules, or brings their levels to a customer.
const STEPS_TO_A_CHANGE: u32 = 60;
/// The number of moments at which each standing is checked.
const MOMENTS: usize = 4;
/// A code that a rule set may have, and that the others don't know.
const OWN_CODE: &str = "LITTER";

/// Returns the source of random numbers for what time changes, by the seed; `None` for seeds without it.
pub(super) fn drawn(seed: u64) -> Option<Rng> {
    let mut rng = Rng::with_seed(seed ^ 0x7135_0f7e);
    rng.bool().then_some(rng)
}

/// Draws a rule set: everything that time changes is on or off by chance.
pub(super) fn draw_rules(rng: &mut Rng, generation: u64) -> Rules {
    let mut rules = Rules { generation, price_per_penalty_point: Points::new(3).ok(), ..Rules::default() };
    let days = |rng: &mut Rng| Days::new(rng.u32(1..40)).ok();
    let how = if rng.bool() { How::Fixed } else { How::Quiet };
    rules.lapse = days(rng).filter(|_| rng.u8(..3) > 0).map(|days| Lapse { days, how });
    rules.expiry_months = (rng.u8(..3) > 0).then(|| rng.u32(0..3));
    let mut at = rng.u64(5..30);
    let warn_at = Points::new(at).unwrap_or(Points::ONE);
    let levels: Vec<Level> = (0..rng.usize(1..=3))
        .filter_map(|_| {
            at += rng.u64(1..40);
            Some(Level { at: Points::new(at).ok()?, days: days(rng).filter(|_| rng.bool()) })
        })
        .collect();
    if let Ok(prohibit) = Prohibit::try_from(levels) {
        rules.levels = Levels { warn_at, prohibit };
    }
    if let (true, Ok(code), Some(mut own)) = (rng.bool(), OWN_CODE.parse(), rules.codes.first().cloned()) {
        own.code = code;
        rules.codes.push(own);
    }
    rules
}

impl World {
    fn some_moment(rng: &mut Rng, now: DateTime<Utc>) -> DateTime<Utc> {
        let days = [60, 4_000][rng.usize(..2)];
        now + TimeDelta::hours(rng.i64(-48..days * 24)) + TimeDelta::milliseconds(rng.i64(0..3_600_000))
    }

    /// Now and then publishes another rule set at a terminal, or brings the levels of its present one to a customer.
    pub(super) fn change_rules(&mut self, at: usize) -> Result<(), Broken> {
        if self.nodes[at].journal.has_crashed() {
            return Ok(());
        }
        let Some(mut rng) = self.time.take() else { return Ok(()) };
        let (changes, publishes, rules) = (rng.u32(..STEPS_TO_A_CHANGE) == 0, rng.bool(), draw_rules(&mut rng, 0));
        let customer = Self::pick(&mut rng, &self.model.customers);
        self.time = Some(rng);
        if !changes {
            return Ok(());
        }
        let (ids, now) = (self.nodes[at].ids.clone(), self.nodes[at].clock.now());
        if publishes {
            return self.tamper(at, move |tx: &mut dyn Write| {
                let generation = reference::rules(tx)?.generation + 1;
                let rules = Rules { generation, ..rules.clone() };
                Ok(reference::put(tx, &*ids, now, (ReferenceKind::Rules, ids.random()), &rules)?)
            });
        }
        let Some(customer_id) = customer.filter(|_| self.nodes[at].catalogue.is_whole()) else { return Ok(()) };
        let recorded_by = Recorder::Staff { id: self.staff_with(Role::Manager), role: Role::Manager };
        self.tamper(at, move |tx: &mut dyn Write| {
            let rules = reference::rules(tx)?;
            let draft = Draft {
                event_id: EventId(ids.ordered(now)),
                customer_id,
                occurred_at: now,
                recorded_at: now,
                recorded_by,
                approved_by: None,
                causation_id: None,
                rules: rules.generation,
                traceparent: None,
                payload: LevelsRevised { levels: rules.levels }.into(),
            };
            tx.append(vec![draft])?;
            Ok(())
        })
    }

    /// A penalty has the facility's own code at a terminal that knows it: others may not know it yet.
    pub(super) fn with_own_code(&self, at: usize, command: Command) -> Result<Command, Broken> {
        let Command::ImposePenalty(ImposePenalty { code: None, .. }) = &command else { return Ok(command) };
        if self.time.is_none() || self.nodes[at].journal.has_crashed() {
            return Ok(command);
        }
        let unit = |tx: &mut dyn Read| reference::rules(tx);
        let rules = self.unless_crashed(at, block_on(read::<_, StoreError>(&*self.nodes[at].journal, unit)))?;
        let own: Option<PenaltyCode> = OWN_CODE.parse().ok();
        Ok(match command {
            Command::ImposePenalty(impose) => {
                let code = own.filter(|own| rules.is_some_and(|rules| rules.points_of(*own).is_some()));
                ImposePenalty { code, ..impose }.into()
            }
            other => other,
        })
    }

    /// Checks that Mypage's sums of a random moment are those of the facts up to then.
    pub(super) fn check_travel(&mut self, at: usize) -> Result<(), Broken> {
        let Some(rng) = &mut self.time else { return Ok(()) };
        let node = &self.nodes[at];
        let customers: Vec<CustomerId> = node.mirror.facts.keys().copied().collect();
        let Some(customer_id) = Self::pick(rng, &customers) else { return Ok(()) };
        let then = Self::some_moment(rng, self.true_time.now());
        let moment = Moment { at: then.timestamp_millis(), view: MomentView::AsItWas };
        let filter = MypageFilter::All;
        let input =
            MypageInput { customer_id, filter, from: None, to: None, cursor: None, limit: 1, moment: Some(moment) };
        let page = block_on(node.terminal.queries.mypage(input));
        let page = page.map_err(|error| Broken::new(Invariant::Works, format!("{error:?}")))?;
        let shown = page.entries.first().map_or((0, 0), |entry| (entry.balance.into(), entry.outstanding.into()));
        let account = block_on(read::<_, StoreError>(&*node.journal, move |tx| {
            let facts = facts_at(tx, customer_id, moment)?;
            account_at(tx, &facts)
        }))?;
        let folded: (i128, i128) = (account.balance(then), account.outstanding(then));
        ensure(Invariant::Travel, shown == folded, || {
            format!("{customer_id} at {} on {then}: {shown:?} shown, {folded:?} folded", node.number)
        })
    }

    /// Checks at random moments that each published standing is that of the person's facts. All terminals have the same
    /// facts, so their standings are equal, too.
    pub(super) fn check_standings(&mut self) -> Result<(), Broken> {
        let now = self.true_time.now();
        let Some(mut rng) = self.time.take() else { return Ok(()) };
        for at in self.live() {
            let moments = [(); MOMENTS].map(|()| Self::some_moment(&mut rng, now));
            for customer in self.nodes[at].mirror.facts.keys().copied() {
                check_standing(&self.nodes[at], customer, moments)?;
            }
        }
        self.time = Some(rng);
        Ok(())
    }

    /// Publishes the standings of a terminal again, without what time changes.
    pub(super) fn freeze_standings(&mut self, at: usize) -> Result<(), Broken> {
        let customers: Vec<CustomerId> = self.nodes[at].mirror.facts.keys().copied().collect();
        self.tamper(at, move |tx: &mut dyn Write| {
            for customer in &customers {
                if let Some(StandingRow { customer_id, copy }) = tx.standing(*customer)? {
                    tx.put_standing(&StandingRow { customer_id, copy: StandingCopy { changes: Vec::new(), ..copy } })?;
                }
            }
            Ok(())
        })
    }
}

fn check_standing(node: &Node, customer: CustomerId, moments: [DateTime<Utc>; MOMENTS]) -> Result<(), Broken> {
    let (copy, linked, rules) = block_on(read::<_, StoreError>(&*node.journal, move |tx| {
        let account = load::<Account>(tx, customer)?.state;
        Ok((tx.standing(customer)?.map(|row| row.copy), linked(tx, customer, account)?, reference::rules(tx)?))
    }))?;
    for at in moments {
        let copy = copy.clone().unwrap_or_else(|| StandingCopy::clean(&rules, at)).at(at);
        let published = (copy.standing, copy.outstanding.0);
        let folded = worst(&linked, &rules, at).map(|(_, account)| account.rank(&rules, at));
        ensure(Invariant::Standings, folded == Some(published), || {
            format!("{customer} at {} on {at}: {published:?} published, {folded:?} folded", node.number)
        })?;
    }
    Ok(())
}
