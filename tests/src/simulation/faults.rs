//! Faults that a test plants on purpose, to show that each invariant detects its violation. The program itself isn't
//! changed: a fault is either in the simulated network, journal or marks, or is wrong data written through the ports.

use nosmoke_ports::{Incoming, Outgoing, Topic};

use super::cluster::Cluster;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A terminal that holds points gives the same points to two other terminals.
    GivesTwice,
    /// A sum of points in a stored snapshot is changed.
    ChangesASum,
    /// A command is answered although its commit is never made.
    AnswersTooSoon,
    /// A standing copy with a negative outstanding amount is stored.
    PublishesANegative,
    /// A stored snapshot loses the list of reclaimed incarnations and the penalties.
    ForgetsMarks,
    /// A check-out earns points a second time, under another earning id.
    EarnsTwice,
    /// A restored folder continues its old incarnation instead of beginning a new one.
    ReusesAnIncarnation,
    /// Idempotency keys are forgotten at once.
    ForgetsKeys,
    /// A terminal misses some facts of other terminals while reading the log.
    PassesOverFacts,
    /// Terminals receive no heartbeats of other terminals. Only heartbeats reveal lost messages, and a log that was
    /// replaced while connections were open.
    HearsNobody,
    /// The digest in a terminal's heartbeats is wrong.
    LiesAboutItsFacts,
    /// Facts are marked as read back from the log although they were never published.
    ReadsBackTooSoon,
    /// A terminal never reads its own published facts back from the log.
    NeverReadsBack,
    /// A terminal misses the profiles that other terminals publish.
    PassesOverProfiles,
    /// The tombstones that erase personal data don't reach the log.
    KeepsTheErased,
    /// One terminal's projection contradicts the facts.
    ProjectsWrongly,
    /// Every terminal's projection contradicts the facts in the same way.
    AllProjectWrongly,
    /// A terminal goes on recording new facts while the terminals should come to rest.
    NeverComesToRest,
    /// A terminal ignores the mark outside its data folder, so it doesn't notice that the folder was copied or
    /// restored.
    IgnoresMarks,
    /// A terminal's mark has a higher seq than its journal, as if the folder were an older copy.
    MarksAhead,
    /// An upgraded terminal never decodes the facts that it stored as unknown before the upgrade.
    LearnsNothing,
    /// Every attempt to connect to the cluster fails with an error of the store.
    StepsFail,
    /// Mypage has no entries for points written off.
    WritesNothingOff,
    /// An entry of Mypage keeps the status that it had first.
    KeepsTheFirstStatus,
    /// A terminal's inbox lacks the open cases of a customer.
    LosesACase,
    /// A terminal's inbox shows a case that was resolved.
    ReopensACase,
    /// A stored snapshot counts a void more often than once.
    CountsAVoidAgain,
    /// A terminal publishes standings without what time changes.
    FreezesStandings,
}

impl Fault {
    /// Returns true if every terminal has the fault, not only the first.
    pub(super) fn affects_all(self) -> bool {
        matches!(
            self,
            Self::KeepsTheErased
                | Self::AllProjectWrongly
                | Self::ReusesAnIncarnation
                | Self::LiesAboutItsFacts
                | Self::LearnsNothing
                | Self::HearsNobody
                | Self::IgnoresMarks
                | Self::WritesNothingOff
        )
    }

    /// Returns true if a message reaches the terminal with the id `source`, which reads it from the log.
    pub(super) fn delivers(self, message: &Incoming, source: &str) -> bool {
        let own = || {
            let header = message.headers.iter().find(|(name, _)| name == "ce_source");
            header.is_some_and(|(_, value)| value.ends_with(source.as_bytes()))
        };
        let some = || {
            message
                .value
                .as_deref()
                .is_some_and(|value| value.iter().map(|byte| u32::from(*byte)).sum::<u32>() % 5 == 0)
        };
        match (self, message.partition.topic) {
            (Self::PassesOverFacts, Topic::Facts) => own() || !some(),
            (Self::NeverReadsBack, Topic::Facts) => !own(),
            (Self::HearsNobody, Topic::Heartbeats) => own(),
            (Self::PassesOverProfiles, Topic::Profiles) => own(),
            _ => true,
        }
    }

    /// Returns true if the network drops an accepted message instead of appending it to the log. With `KeepsTheErased`,
    /// this is a tombstone for a person whose data is in the log.
    pub(super) fn withholds(fault: Option<Self>, message: &Outgoing, cluster: &Cluster) -> bool {
        let is_tombstone = message.topic == Topic::Profiles && message.value.is_none();
        let has_data = || cluster.latest(message.topic).get(&message.key).is_some_and(Option::is_some);
        fault == Some(Self::KeepsTheErased) && is_tombstone && has_data()
    }
}
