//! The query that explains a customer's balance and standing, now or at another moment.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::Recorded;
use nosmoke_domain::ids::IncarnationId;
use nosmoke_domain::lots::LastDay;
use nosmoke_domain::point::{Account, Cause, Step, history};
use nosmoke_domain::points::to_i64;
use nosmoke_ports::contract::{
    AppError, ErrorCode, LotView, Moment, MomentView, PointsLine, PointsWhy, UtcMs, Why, WhyInput,
};
use nosmoke_ports::{RESTORED_FROM, Read, RestoredFrom, StoreError, Worker, read, setting};
use nosmoke_reading::moment::{account_at, facts_at, time_of};
use nosmoke_reading::names::Names;
use nosmoke_reading::reference;
use nosmoke_reading::same_person::{linked, linked_at};
use nosmoke_reading::state::{load, recorded};
use nosmoke_replication::LogMemory;

use super::Queries;
use super::verdict::{fact_of, kind_of, verdict, verdict_at};

/// Upper bound for the lines of a balance; the oldest ones are left out.
const LINES_MAX: usize = 500;

impl Queries {
    /// Explains a customer's balance and standing, fact by fact. Without a moment, the standing is the published one that
    /// check-in reads.
    ///
    /// # Errors
    /// `unknown_customer`, or an error of the store.
    pub async fn why(&self, WhyInput { customer_id, moment }: WhyInput) -> Result<Why, AppError> {
        self.core.feed.caught_up(&[Worker::Point]).await;
        let now = self.core.present.moment();
        read(&*self.core.journal, move |tx| {
            tx.profile(customer_id)?.ok_or_else(|| AppError::new(ErrorCode::UnknownCustomer))?;
            let (rules, names) = (reference::rules(tx)?, Names::read(tx)?);
            let (at, facts, account, verdict) = match moment {
                None => {
                    let account = load::<Account>(tx, customer_id)?.state;
                    let linked = linked(tx, customer_id, account.clone())?;
                    let verdict = verdict(tx, customer_id, &linked, &rules, now)?;
                    (now, tx.facts_after(customer_id, 0)?, account, verdict)
                }
                Some(moment) => {
                    let facts = facts_at(tx, customer_id, moment)?;
                    let account = account_at(tx, &facts)?;
                    let linked = linked_at(tx, customer_id, account.clone(), moment)?;
                    let verdict = verdict_at(tx, customer_id, &linked, &rules, moment)?;
                    (time_of(moment), facts, account, verdict)
                }
            };
            let points = points_why(recorded(&facts), &account, &names, at);
            Ok(Why { at: at.timestamp_millis(), verdict, points, known_since: known_since(tx, moment)? })
        })
        .await
    }
}

fn points_why<'a>(
    facts: impl Iterator<Item = &'a Recorded>,
    account: &Account,
    names: &Names,
    at: DateTime<Utc>,
) -> PointsWhy {
    let forked: &BTreeSet<IncarnationId> = &account.forked;
    let mut steps: Vec<Step<'_>> = history(facts, forked, at).into_iter().filter(|step| step.points != 0).collect();
    let earlier = steps.len().saturating_sub(LINES_MAX);
    let left_out = steps.drain(..earlier).next_back();
    PointsWhy {
        balance: to_i64(account.balance(at)),
        earlier: u32::try_from(earlier).unwrap_or(u32::MAX),
        earlier_balance: left_out.map_or(0, |step| to_i64(step.balance)),
        lines: steps.iter().filter_map(|step| line(step, names)).collect(),
        lots: account.lots(at).into_iter().map(|(last_day, points)| lot(last_day, points)).collect(),
    }
}

fn line(step: &Step<'_>, names: &Names) -> Option<PointsLine> {
    let fact = fact_of(step);
    let lots = match (step.cause, fact) {
        (Cause::Expired(day), _) => vec![lot(LastDay::On(day), step.points)],
        (_, Some(fact)) => {
            let sign = step.points.signum();
            fact.payload.lots().into_iter().map(|(last_day, points)| lot(last_day, sign * points.sum())).collect()
        }
        _ => Vec::new(),
    };
    Some(PointsLine {
        at: step.at.timestamp_millis(),
        kind: kind_of(step)?,
        points: to_i64(step.points),
        balance: to_i64(step.balance),
        lots,
        generation: fact.map(|fact| fact.rules),
        by: fact.and_then(|fact| names.recorder(fact.recorded_by.id())),
        terminal_name: fact.and_then(|fact| names.terminal(fact.origin.incarnation)),
    })
}

fn lot(last_day: LastDay, points: i128) -> LotView {
    LotView { last_day: last_day.day().map(|day| day.to_string()), points: to_i64(points) }
}

/// Returns since when this folder itself can say what it knew: since it was restored, or recognised as a copy. Of earlier
/// moments it knows only what the backup or the original had.
fn known_since(tx: &mut dyn Read, moment: Option<Moment>) -> Result<Option<UtcMs>, StoreError> {
    if !moment.is_some_and(|moment| moment.view == MomentView::AsKnownHere) {
        return Ok(None);
    }
    let restored = setting::read::<RestoredFrom>(tx, RESTORED_FROM)?.map(|it| it.restored_at);
    let copied = LogMemory::read(tx)?.new_incarnation_at;
    Ok(restored.max(copied).map(|at| at.timestamp_millis()))
}
