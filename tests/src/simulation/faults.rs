//! Faults that a test plants, to show that each invariant catches what breaks it. None of them is in the program: they are in
//! the simulated network, or are written through the ports as a faulty program would.

use nosmoke_ports::{Incoming, Outgoing, Topic};

use super::cluster::Cluster;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A holder gives the same points to two who asked.
    GivesTwice,
    /// A snapshot's sums are changed on one side.
    ChangesASum,
    /// A command is answered before its commit, which is then never made.
    AnswersTooSoon,
    /// A standing with less than nothing outstanding is published.
    PublishesANegative,
    /// A snapshot forgets whom something was reclaimed from.
    ForgetsMarks,
    /// A check-out is earned again under another id.
    EarnsTwice,
    /// A restored folder goes on in its old life, and doesn't notice.
    ReusesALife,
    /// Idempotency keys are forgotten at once.
    ForgetsKeys,
    /// A terminal passes over some facts of others, and reads on.
    PassesOverFacts,
    /// Nobody hears what others have: all that tells of records lost, or of a log replaced under the connections.
    HearsNobody,
    /// What a terminal says of its facts isn't what it has.
    LiesAboutItsFacts,
    /// Facts count as read back that never were published.
    ReadsBackTooSoon,
    /// A terminal never reads back what it published.
    NeverReadsBack,
    /// A terminal passes over some profiles.
    PassesOverProfiles,
    /// Tombstones don't reach the log.
    KeepsTheErased,
    /// A terminal's projection says what no fact says.
    ProjectsWrongly,
    /// Every terminal's projection says what no fact says.
    AllProjectWrongly,
    /// A terminal always finds something more to record.
    NeverComesToRest,
    /// What the mark outside of its folder says of a terminal is passed over.
    IgnoresMarks,
    /// A mark says that the journal had come further than it had.
    MarksAhead,
    /// A newer program never understands what an older one kept.
    LearnsNothing,
    /// Every connection finds the store failing.
    StepsFail,
}

impl Fault {
    /// Every terminal has it, not the first alone.
    pub(super) fn befalls_all(self) -> bool {
        matches!(
            self,
            Self::KeepsTheErased
                | Self::AllProjectWrongly
                | Self::ReusesALife
                | Self::LiesAboutItsFacts
                | Self::LearnsNothing
                | Self::HearsNobody
                | Self::IgnoresMarks
        )
    }

    /// Whether a record reaches the terminal that reads it.
    pub(super) fn delivers(self, record: &Incoming, source: &str) -> bool {
        let own = || {
            let header = record.headers.iter().find(|(name, _)| name == "ce_source");
            header.is_some_and(|(_, value)| value.ends_with(source.as_bytes()))
        };
        let some = || {
            record.value.as_deref().is_some_and(|value| value.iter().map(|byte| u32::from(*byte)).sum::<u32>() % 5 == 0)
        };
        match (self, record.partition.topic) {
            (Self::PassesOverFacts, Topic::Facts) => own() || !some(),
            (Self::NeverReadsBack, Topic::Facts) => !own(),
            (Self::HearsNobody, Topic::Heartbeats) => own(),
            (Self::PassesOverProfiles, Topic::Profiles) => own(),
            _ => true,
        }
    }

    /// Whether a record that was taken is never appended: a tombstone, where the log tells of the person.
    pub(super) fn withholds(fault: Option<Self>, record: &Outgoing, cluster: &Cluster) -> bool {
        let is_tombstone = record.topic == Topic::Profiles && record.value.is_none();
        let tells = || cluster.latest(record.topic).get(&record.key).is_some_and(Option::is_some);
        fault == Some(Self::KeepsTheErased) && is_tombstone && tells()
    }
}
