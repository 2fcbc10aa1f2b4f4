//! A customer's entries on Mypage add up to the balance, whatever arrives from lost and forked terminals (N5, N6).

use std::sync::mpsc;
use std::time::Duration;

use nosmoke_application::terminal::Terminal;
use nosmoke_domain::fact::{
    CheckedIn, CheckedOut, Deduction, Draft, Earned, Earning, Hash, Origin, Paid, Payload, PaymentVoided,
    PenaltyDeducted, PenaltyImposed, PointsAdjusted, Recorder, Sealed, seal,
};
use nosmoke_domain::ids::{CustomerId, EarningId, EventId, IncarnationId, PenaltyId, VisitId};
use nosmoke_domain::lots::{LastDay, Lots};
use nosmoke_domain::points::Points;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::{AdjustReason, Ground, PenaltyCode, Standing, VoidReason};
use nosmoke_ports::contract::{Changed, EntryKind, MypageFilter};
use nosmoke_ports::{Clock, EntryRow, ForkProgress, Pace, Priority, RandomIds, StoreError, Worker, Write, read, write};
use nosmoke_replication::incarnations::reclaim::reclaim_batch;
use nosmoke_runtime::Step;
use nosmoke_runtime::present::Present;
use tokio::sync::watch;
use uuid::Uuid;

use crate::mypage_store::{on_postgres, shared};
use crate::support::Desk;

fn id<T: From<Uuid>>() -> T {
    Uuid::new_v4().into()
}

fn lots(points: u64) -> Lots {
    Lots::never(Points::new(points).unwrap())
}

fn given(points: u64) -> Payload {
    PointsAdjusted::given(id(), lots(points), AdjustReason::GOODWILL).into()
}

fn paid(points: u64) -> Payload {
    Paid::new(id(), id(), lots(points), None).into()
}

/// Another terminal, whose facts this one reads in any order.
pub struct Other {
    origin: Origin,
}

impl Other {
    pub async fn of(desk: &Desk) -> Self {
        let here = read::<_, StoreError>(&*desk.terminal.core.journal, |tx| tx.origin()).await.unwrap().unwrap();
        Self { origin: Origin { terminal_id: id(), incarnation: id(), ..here } }
    }

    /// A fact that it recorded at the present time of the desk's clock.
    pub fn fact(&self, desk: &Desk, seq: u64, customer_id: CustomerId, payload: impl Into<Payload>) -> Sealed {
        let draft = Draft {
            event_id: EventId(Uuid::now_v7()),
            customer_id,
            occurred_at: desk.clock.now(),
            recorded_at: desk.clock.now(),
            recorded_by: Recorder::Program,
            approved_by: None,
            causation_id: None,
            rules: 1,
            traceparent: None,
            payload: payload.into(),
        };
        seal(draft, self.origin, seq, Hash::ZERO, Vec::new())
    }
}

pub async fn receive(desk: &Desk, facts: Vec<Sealed>) -> Vec<IncarnationId> {
    let journal = &*desk.terminal.core.journal;
    let unit = move |tx: &mut dyn Write| Ok::<_, StoreError>((tx.receive(&facts)?.forked, tx.last_change()?));
    let ((forked, last), _) = write(journal, Priority::Background, unit).await.unwrap();
    desk.terminal.core.feed.wrote(last);
    forked
}

async fn reclaim(desk: &Desk, from: IncarnationId) {
    let (clock, by) = (desk.clock.clone(), (Recorder::Program, None));
    let unit = move |tx: &mut dyn Write| {
        reclaim_batch(tx, None, &[from].into(), (Present::uncorrected(clock.now()), &RandomIds), by)
    };
    write(&*desk.terminal.core.journal, Priority::Background, unit).await.unwrap();
}

async fn rows(terminal: &Terminal, customer: CustomerId) -> Vec<EntryRow> {
    while terminal.workers.step(Worker::Mypage, Pace::Free).await.unwrap() == Step::More {}
    terminal.workers.mypage.export_block(Some(customer), None, None, None, usize::MAX).await.unwrap().rows
}

/// Returns the points written off on Mypage, for each lost incarnation. Checks on both engines that all entries add up
/// to the balance, and that a rebuild gives the same ones.
async fn written_off((desk, postgres): (&Desk, &Terminal), customer: CustomerId) -> Vec<(IncarnationId, i64)> {
    let entries = rows(&desk.terminal, customer).await;
    let balance = desk.card(customer).await.points.balance;
    assert_eq!(entries.iter().map(|row| row.points).sum::<i64>(), balance, "{entries:#?}");
    assert_eq!(rows(postgres, customer).await, entries, "on PostgreSQL");
    desk.terminal.workers.rebuild_mypage().await.unwrap();
    assert_eq!(rows(&desk.terminal, customer).await, entries, "built again");
    let lines = entries.into_iter().filter(|row| row.kind == EntryKind::WriteOff);
    lines.map(|row| (row.incarnation, row.points)).collect()
}

#[tokio::test]
async fn what_a_reclaimed_terminal_paid_beyond_its_holding_is_a_line() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let postgres = on_postgres(&desk, shared().port()).await;
    let both = (&desk, &postgres);
    let other = Other::of(&desk).await;
    let lost = other.origin.incarnation;
    receive(&desk, vec![other.fact(&desk, 1, customer, given(100))]).await;
    reclaim(&desk, lost).await;
    assert_eq!((written_off(both, customer).await, desk.balance(customer).await), (vec![], 200));

    let payment = other.fact(&desk, 2, customer, paid(60));
    let Payload::Paid(of_payment) = &payment.fact.payload else { panic!("{payment:?}") };
    let void = PaymentVoided { payment_id: of_payment.payment_id(), reason: VoidReason::MISTAKEN };
    receive(&desk, vec![payment]).await;
    assert_eq!((written_off(both, customer).await, desk.balance(customer).await), (vec![(lost, 60)], 200));
    let lines = desk.lines(customer, MypageFilter::Payments).await;
    assert!(lines.iter().any(|line| line.1 == "WRITTEN_OFF"), "among the payments: {lines:?}");

    receive(&desk, vec![other.fact(&desk, 3, customer, paid(15))]).await;
    assert_eq!(written_off(both, customer).await, [(lost, 75)], "the same line with more");
    receive(&desk, vec![other.fact(&desk, 4, customer, void), other.fact(&desk, 5, customer, given(15))]).await;
    assert_eq!(written_off(both, customer).await, [], "nothing is lacking any more");
}

/// The facts of a copied terminal, which overspent the points of a customer, and the fact about another customer that
/// shows the fork.
fn of_a_fork(desk: &Desk, other: &Other, customer: CustomerId, elsewhere: CustomerId) -> (Vec<Sealed>, Sealed) {
    let first = vec![
        other.fact(desk, 1, customer, given(100)),
        other.fact(desk, 2, customer, paid(80)),
        // Of the copy, whose fact 2 hasn't arrived yet.
        other.fact(desk, 3, customer, paid(70)),
    ];
    (first, other.fact(desk, 2, elsewhere, given(5)))
}

#[tokio::test]
async fn a_fork_is_written_off_for_customers_of_whom_nothing_new_is_recorded() {
    let desk = Desk::new().await;
    let (customer, elsewhere) = (desk.customer("홍길동").await, desk.customer("김민수").await);
    desk.visit(customer).await;
    let postgres = on_postgres(&desk, shared().port()).await;
    let other = Other::of(&desk).await;
    let (first, fork) = of_a_fork(&desk, &other, customer, elsewhere);
    assert_eq!(receive(&desk, first).await, []);
    // Not by `written_off`: its rebuild would also take the fork into account.
    let sum = |rows: &[EntryRow]| rows.iter().map(|row| row.points).sum::<i64>();
    let before = rows(&desk.terminal, customer).await;
    assert_eq!((sum(&before), sum(&rows(&postgres, customer).await), desk.balance(customer).await), (50, 50, 50));

    let (stop, stopped) = watch::channel(false);
    let (told, announced) = mpsc::channel::<Changed>();
    let announcing = tokio::spawn(desk.terminal.workers.clone().announce(stopped, move |changed| {
        let _ = told.send(changed);
    }));
    tokio::task::yield_now().await;
    assert_eq!(receive(&desk, vec![fork]).await, [other.origin.incarnation]);
    let after = rows(&desk.terminal, customer).await;
    assert_eq!((sum(&after), sum(&rows(&postgres, customer).await), desk.balance(customer).await), (100, 100, 100));
    let line = after.iter().find(|row| row.kind == EntryKind::WriteOff).unwrap();
    let first = before.iter().find(|row| row.kind == EntryKind::Adjustment).unwrap();
    assert_eq!((line.points, line.at), (50, first.at), "dated by the first fact there");
    assert_eq!(written_off((&desk, &postgres), customer).await, [(other.origin.incarnation, 50)]);
    desk.settle().await;
    let named = async {
        loop {
            tokio::time::sleep(Duration::from_millis(10)).await;
            if announced.try_iter().any(|changed| changed.customers.contains(&customer)) {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), named).await.expect("the screens hear of the customer");
    stop.send_replace(true);
    announcing.await.unwrap();
}

#[tokio::test]
async fn customers_are_looked_through_in_blocks_and_a_restart_goes_on() {
    let desk = Desk::new().await;
    let other = Other::of(&desk).await;
    let mut customers: Vec<CustomerId> = (0..80).map(|_| id()).collect();
    customers.sort_unstable();
    let everybody = customers.iter().zip(10..).map(|(customer, seq)| other.fact(&desk, seq, *customer, given(1)));
    receive(&desk, everybody.collect()).await;
    let last = *customers.last().unwrap();
    let (first, fork) = of_a_fork(&desk, &other, last, customers[0]);
    receive(&desk, first).await;
    desk.settle().await;
    receive(&desk, vec![fork]).await;
    let progress = async |desk: &Desk| desk.terminal.workers.mypage.fork_progress().await.unwrap();
    assert_eq!(progress(&desk).await, [].into());
    for end in [31, 63] {
        assert_eq!(desk.terminal.workers.step(Worker::Mypage, Pace::Busy).await.unwrap(), Step::More);
        let up_to = ForkProgress::UpTo(customers[end]);
        assert_eq!(progress(&desk).await, [(other.origin.incarnation, up_to)].into());
    }
    let desk = desk.restart().await;
    let lines = async |desk: &Desk| {
        let rows =
            desk.terminal.workers.mypage.export_block(Some(last), None, None, None, usize::MAX).await.unwrap().rows;
        rows.into_iter().filter(|row| row.kind == EntryKind::WriteOff).map(|row| row.points).collect::<Vec<_>>()
    };
    assert!(lines(&desk).await.is_empty());
    assert_eq!(desk.terminal.workers.step(Worker::Mypage, Pace::Busy).await.unwrap(), Step::More);
    assert_eq!(lines(&desk).await, [49]);
    assert_eq!(progress(&desk).await, [(other.origin.incarnation, ForkProgress::All)].into());
    assert_eq!(desk.terminal.workers.step(Worker::Mypage, Pace::Busy).await.unwrap(), Step::Idle);
    desk.terminal.workers.rebuild_mypage().await.unwrap();
    assert_eq!(progress(&desk).await, [].into());
    assert_eq!(desk.terminal.workers.step(Worker::Mypage, Pace::Free).await.unwrap(), Step::Idle, "nothing to look at");
    assert_eq!((lines(&desk).await, progress(&desk).await.len()), (vec![49], 1));
}

#[tokio::test]
async fn points_count_on_mypage_before_the_check_in_or_the_penalty_has_arrived() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let postgres = on_postgres(&desk, shared().port()).await;
    let both = (&desk, &postgres);
    let other = Other::of(&desk).await;
    let (visit_id, earning_id): (VisitId, EarningId) = (id(), id());
    let (points, expires_on) = (Points::new(100).unwrap(), LastDay::Never);
    let checked_in = CheckedIn {
        visit_id,
        area_id: desk.area.area_id,
        standing: Standing::Allowed,
        outstanding: 0,
        standing_as_of: desk.clock.now(),
        admission: None,
    };
    let earning = Some(Earning { earning_id, points, expires_on });
    let checked_in = other.fact(&desk, 1, customer, checked_in);
    let checked_out = other.fact(&desk, 2, customer, CheckedOut { visit_id, earning, daily_cap: None });
    let earned = other.fact(&desk, 3, customer, Earned { earning_id, visit_id, points, expires_on });
    let kinds = async || {
        assert_eq!(written_off(both, customer).await, []);
        let rows = rows(&desk.terminal, customer).await;
        rows.into_iter().map(|row| (row.kind, row.started_at.is_some(), row.points, row.penalty_points)).skip(1)
    };
    receive(&desk, vec![checked_out.clone()]).await;
    assert!(kinds().await.eq([]), "nothing is earned yet");
    for facts in [vec![earned], vec![checked_out]] {
        receive(&desk, facts).await;
        assert!(kinds().await.eq([(EntryKind::Visit, false, 100, 0)]));
    }
    receive(&desk, vec![checked_in]).await;
    assert!(kinds().await.eq([(EntryKind::Visit, true, 100, 0)]));

    let penalty_id: PenaltyId = id();
    let levels = Rules::default().levels;
    let imposed = PenaltyImposed::new(penalty_id, id(), Points::new(20).unwrap(), PenaltyCode::BASIC, levels.clone());
    let imposed = other.fact(&desk, 4, customer, imposed);
    let deducted = PenaltyDeducted {
        deduction_id: id(),
        penalty_id,
        points: Points::new(5).unwrap(),
        ground: Ground::SERVICE,
        once: false,
        price: Some(Deduction::new(id(), lots(30))),
        note_id: None,
        levels,
    };
    receive(&desk, vec![other.fact(&desk, 5, customer, deducted)]).await;
    let visit = (EntryKind::Visit, true, 100, 0);
    assert!(kinds().await.eq([visit, (EntryKind::PenaltyDeduction, false, -30, 0)]));
    receive(&desk, vec![imposed]).await;
    let penalty = (EntryKind::Penalty, false, 0, 20);
    assert!(kinds().await.eq([visit, penalty, (EntryKind::PenaltyDeduction, false, -30, -5)]));
}
