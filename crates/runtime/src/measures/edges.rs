//! The map: who asks whom, and who tells whom.

use nosmoke_ports::contract::{ContextName, EdgeKind};

/// A node of the graph. The other terminals come beside them, as many as there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Node {
    /// The window.
    Screen,
    /// The REST gateway.
    Rest,
    CheckIn,
    Point,
    Pay,
    Penalty,
    Mypage,
    Publisher,
    Consumer,
    /// The journal, which is also the change feed that contexts follow.
    Sqlite,
    /// Where Mypage keeps what it shows: a file, or a server.
    MypageDb,
    Kafka,
}

impl Node {
    pub fn name(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::Rest => "rest",
            Self::CheckIn => "check_in",
            Self::Point => "point",
            Self::Pay => "pay",
            Self::Penalty => "penalty",
            Self::Mypage => "mypage",
            Self::Publisher => "publisher",
            Self::Consumer => "consumer",
            Self::Sqlite => "sqlite",
            Self::MypageDb => "mypage_db",
            Self::Kafka => "kafka",
        }
    }

    pub fn of(context: ContextName) -> Self {
        match context {
            ContextName::CheckIn => Self::CheckIn,
            ContextName::Point => Self::Point,
            ContextName::Pay => Self::Pay,
            ContextName::Penalty => Self::Penalty,
            ContextName::Mypage => Self::Mypage,
            ContextName::Publisher => Self::Publisher,
            ContextName::Consumer => Self::Consumer,
        }
    }
}

/// From whom to whom.
pub type Edge = (Node, Node);

/// Every edge, as docs/domain.md draws the map: who asks whom, and who tells whom.
pub const EDGES: [(Edge, EdgeKind); 27] = {
    use EdgeKind::{Event, Request};
    use Node::{CheckIn, Consumer, Kafka, Mypage, MypageDb, Pay, Penalty, Point, Publisher, Rest, Screen, Sqlite};
    [
        ((Screen, CheckIn), Request),
        ((Screen, Pay), Request),
        ((Screen, Penalty), Request),
        // Corrections of points.
        ((Screen, Point), Request),
        ((Screen, Mypage), Request),
        // Customers, areas and the facility: records of the journal alone.
        ((Screen, Sqlite), Request),
        ((Rest, CheckIn), Request),
        ((Rest, Pay), Request),
        ((Rest, Penalty), Request),
        ((Rest, Point), Request),
        ((Rest, Mypage), Request),
        ((Rest, Sqlite), Request),
        ((Pay, Point), Request),
        ((Penalty, Point), Request),
        // Facts that were recorded, from the command's beginning until they are durable.
        ((CheckIn, Sqlite), Event),
        ((Pay, Sqlite), Event),
        ((Penalty, Sqlite), Event),
        ((Point, Sqlite), Event),
        ((Consumer, Sqlite), Event),
        // Changes that a context passed, each with its step's time.
        ((Sqlite, CheckIn), Event),
        ((Sqlite, Point), Event),
        ((Sqlite, Penalty), Event),
        ((Sqlite, Mypage), Event),
        // Batches put into its store.
        ((Mypage, MypageDb), Request),
        // Facts taken for publishing, each with the time since it was recorded.
        ((Sqlite, Publisher), Event),
        // Records handed over; records read, each with its age by the cluster's clock.
        ((Publisher, Kafka), Event),
        ((Kafka, Consumer), Event),
    ]
};
