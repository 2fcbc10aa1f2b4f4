//! A power cut loses what the disk hadn't synced: no answered command, at most projections, which are made again.

use fastrand::Rng;
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::MypageFilter;
use nosmoke_ports::{Change, Pace, Worker};
use nosmoke_runtime::Step;
use nosmoke_runtime::feed::WORKERS;
use nosmoke_tests::disk;

use crate::inspection::assert_contiguous;
use crate::random_day::RandomDay;
use crate::support::Desk;

const CUTS: u64 = 12;
const COMMANDS: usize = 60;

#[tokio::test]
async fn a_power_cut_loses_no_answered_command_and_projections_are_made_again() {
    disk::install();
    let mut undone = 0;
    for seed in 0..CUTS {
        let desk = Desk::new().await;
        let power = disk::watch(desk.folder.path());
        let mut day = RandomDay::begin(&desk, seed).await;
        day.play(&desk, COMMANDS).await;
        // No policy has work left, so that both terminals record the same facts. Then only projections follow.
        while desk.terminal.workers.step(Worker::Earning, Pace::Free).await.unwrap() == Step::More {}
        for worker in [Worker::CheckIn, Worker::Point, Worker::Penalty] {
            desk.terminal.workers.step(worker, Pace::Free).await.unwrap();
        }
        let changes = desk.changes().await;
        let checkpoints = WORKERS.map(|worker| desk.terminal.core.feed.checkpoint(worker));

        // A disk keeps much, little or nothing of what it wasn't told to sync.
        let mut random = Rng::with_seed(seed);
        let kept_of_four = random.u8(..4);
        let left = tempfile::tempdir().unwrap();
        power.cut(left.path(), || random.u8(..4) < kept_of_four).unwrap();
        let again = Desk::open(left, desk.clock.clone()).await;

        let found = again.changes().await;
        assert_contiguous(&found);
        let hashes = |all: &[Change]| all.iter().map(|it| it.recorded.hash).collect::<Vec<_>>();
        assert_eq!(hashes(&found), hashes(&changes), "seed {seed}");
        assert_eq!(again.verify_after(None).await, u64::try_from(found.len()).unwrap());
        let came_back = WORKERS.map(|worker| again.terminal.core.feed.checkpoint(worker));
        undone += came_back.iter().zip(&checkpoints).filter(|(after, before)| after < before).count();

        again.settle().await;
        desk.settle().await;
        for customer in &day.customers {
            assert_eq!(shown(&again, *customer).await, shown(&desk, *customer).await, "seed {seed}");
        }
        drop(power);
        desk.close().await;
        again.close().await;
    }
    assert!(undone > 0, "no power cut undid a projection, so none was seen made again");
}

async fn shown(desk: &Desk, customer: CustomerId) -> String {
    let mut card = desk.card(customer).await;
    card.verdict.as_of = 0;
    format!("{card:?} {:?}", desk.page(customer, MypageFilter::All).await.entries)
}
