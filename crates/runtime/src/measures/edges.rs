//! The graph of services that the Services screen shows: its nodes, and the requests and events between them.

use nosmoke_ports::contract::{ContextName, EdgeKind};

/// A node of the graph. Other terminals are nodes too, but not listed here.
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
    /// The journal (SQLite), which also stores the change feed that contexts follow.
    Sqlite,
    /// The database of Mypage's read model: a SQLite file or a PostgreSQL server.
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

/// An edge of the graph: its source and its target.
pub type Edge = (Node, Node);

/// All edges of the graph, the same as in the diagram of docs/domain.md.
pub const EDGES: [(Edge, EdgeKind); 27] = {
    use EdgeKind::{Event, Request};
    use Node::{CheckIn, Consumer, Kafka, Mypage, MypageDb, Pay, Penalty, Point, Publisher, Rest, Screen, Sqlite};
    [
        ((Screen, CheckIn), Request),
        ((Screen, Pay), Request),
        ((Screen, Penalty), Request),
        // Commands that correct points.
        ((Screen, Point), Request),
        ((Screen, Mypage), Request),
        // Commands about customers, areas and the facility, which belong to no context.
        ((Screen, Sqlite), Request),
        ((Rest, CheckIn), Request),
        ((Rest, Pay), Request),
        ((Rest, Penalty), Request),
        ((Rest, Point), Request),
        ((Rest, Mypage), Request),
        ((Rest, Sqlite), Request),
        ((Pay, Point), Request),
        ((Penalty, Point), Request),
        // Recorded facts; the latency is from the command's start until they are durable.
        ((CheckIn, Sqlite), Event),
        ((Pay, Sqlite), Event),
        ((Penalty, Sqlite), Event),
        ((Point, Sqlite), Event),
        ((Consumer, Sqlite), Event),
        // Changes that a context has processed; the latency is the duration of the step.
        ((Sqlite, CheckIn), Event),
        ((Sqlite, Point), Event),
        ((Sqlite, Penalty), Event),
        ((Sqlite, Mypage), Event),
        // Batches that Mypage's projector writes to its database.
        ((Mypage, MypageDb), Request),
        // Facts that the publisher took for publishing; the latency is the time since they were recorded.
        ((Sqlite, Publisher), Event),
        // Messages published, and messages read; the latency is the message's age by the cluster's clock.
        ((Publisher, Kafka), Event),
        ((Kafka, Consumer), Event),
    ]
};
