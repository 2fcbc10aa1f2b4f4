//! The graph of services: contexts, callers, SQLite, Kafka and the other terminals, with the traffic between them.

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_domain::ids::TerminalId;
use nosmoke_ports::contract::{AppError, ContextState, EdgeKind, NodeKind, ServiceEdge, ServiceNode, ServicesView};
use nosmoke_ports::{Read, ReferenceKind, StoreError, read};
use nosmoke_reading::names::Names;
use nosmoke_runtime::connection::ConnectionState;
use nosmoke_runtime::heard::HeardIncarnations;
use nosmoke_runtime::measures::{EDGES, Node, Traffic};

use super::backlog::{Backlog, FeedProgress};
use crate::terminal::Terminal;

/// A terminal whose last heartbeat is older counts as silent.
const SILENT_AFTER: TimeDelta = TimeDelta::minutes(2);

impl Terminal {
    /// Returns the graph of services with its traffic.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn services(&self) -> Result<ServicesView, AppError> {
        let now = self.core.clock.now();
        let (passed, connection) = (FeedProgress::now(&self.core.feed), self.core.connection.clone());
        let heard = self.core.heard.clone();
        let (backlog, terminals) = {
            let passed = passed.clone();
            let unit = move |tx: &mut dyn Read| {
                Ok((Backlog::read(tx, &passed, &connection)?, other_terminals(tx, &heard, now)?))
            };
            read::<_, StoreError>(&*self.core.journal, unit).await?
        };
        let contexts = self.contexts_with(&passed, &backlog);
        let mut nodes = vec![node(Node::Screen, NodeKind::Caller, None), node(Node::Rest, NodeKind::Caller, None)];
        nodes.extend(contexts.iter().map(|it| node(Node::of(it.name), NodeKind::Context, Some(it.state))));
        nodes.push(node(Node::Sqlite, NodeKind::Sqlite, Some(ContextState::Running)));
        nodes.push(node(Node::MypageDb, NodeKind::MypageDb, None));
        nodes.push(node(Node::Kafka, NodeKind::Kafka, Some(connection_state(self.core.connection.state()))));
        let mut edges: Vec<ServiceEdge> = Vec::new();
        for ((from, to), kind) in EDGES {
            edges.push(edge(from.name(), to.name(), kind, self.core.measures.of((from, to))));
        }
        for (id, terminal) in terminals {
            let passed = self.core.measures.of_terminal(id);
            edges.push(edge(&terminal.id, Node::Kafka.name(), EdgeKind::Event, passed));
            nodes.push(terminal);
        }
        let measured_since = self.core.measures.since().timestamp_millis();
        Ok(ServicesView { as_of: now.timestamp_millis(), measured_since, contexts, nodes, edges })
    }
}

fn other_terminals(
    tx: &mut dyn Read,
    heard: &HeardIncarnations,
    now: DateTime<Utc>,
) -> Result<Vec<(TerminalId, ServiceNode)>, StoreError> {
    let Some(here) = tx.origin()? else { return Ok(Vec::new()) };
    let (names, heard) = (Names::read(tx)?, heard.newest(tx.heard()?));
    let others = tx.references(ReferenceKind::Terminal)?.into_iter().map(|reference| TerminalId(reference.id));
    let mut nodes = Vec::new();
    for id in others.filter(|id| *id != here.terminal_id) {
        let heard_at = heard.iter().rfind(|it| it.terminal_id == id).map(|it| it.appended_at);
        let state = heard_at.map(|at| match now - at > SILENT_AFTER {
            true => ContextState::Stopped,
            false => ContextState::Running,
        });
        let last_heard_at = heard_at.map(|at| at.timestamp_millis());
        let (kind, name) = (NodeKind::Terminal, names.terminal_named(id));
        nodes.push((id, ServiceNode { id: id.to_string(), kind, name, state, last_heard_at }));
    }
    Ok(nodes)
}

fn edge(from: &str, to: &str, kind: EdgeKind, passed: Traffic) -> ServiceEdge {
    let Traffic { recent, hours, day } = passed;
    ServiceEdge { from: from.to_owned(), to: to.to_owned(), kind, recent, hours, day }
}

fn node(node: Node, kind: NodeKind, state: Option<ContextState>) -> ServiceNode {
    ServiceNode { id: node.name().into(), kind, name: None, state, last_heard_at: None }
}

fn connection_state(connection: ConnectionState) -> ContextState {
    match connection {
        ConnectionState::Alone => ContextState::Stopped,
        ConnectionState::Offline { .. } => ContextState::Failing,
        ConnectionState::Online { reading: true, .. } => ContextState::CatchingUp,
        ConnectionState::Online { reading: false, .. } => ContextState::Running,
    }
}
