//! The graph of services: contexts, callers, SQLite, Kafka and the other terminals, with what passed between them.

use chrono::{DateTime, TimeDelta, Utc};

use crate::contract::{
    AppError, ContextName, ContextState, EdgeMeasure, NodeKind, ServiceEdge, ServiceNode, ServicesView,
};
use crate::link::LinkState;
use crate::measures::{EDGES, Node};
use crate::ports::{ReferenceKind, StoreError, read};
use crate::queries::Names;
use crate::terminal::Terminal;

/// A terminal that wasn't heard for this long is silent.
const SILENT: TimeDelta = TimeDelta::minutes(2);

impl Terminal {
    /// # Errors
    /// The store's.
    pub async fn services(&self) -> Result<ServicesView, AppError> {
        let now = self.ports.clock.now();
        let mut nodes: Vec<ServiceNode> = Vec::new();
        for caller in [Node::Screen, Node::Rest] {
            nodes.push(node(caller, NodeKind::Caller, None));
        }
        for (name, context) in ContextName::ALL.into_iter().zip(self.contexts().await?) {
            nodes.push(node(Node::of(name), NodeKind::Context, Some(context.state)));
        }
        nodes.push(node(Node::Sqlite, NodeKind::Sqlite, Some(ContextState::Running)));
        nodes.push(node(Node::Kafka, NodeKind::Kafka, Some(link_state(self.link.state()))));
        nodes.extend(self.other_terminals(now).await?);
        let edges = EDGES.map(|((from, to), kind)| {
            let (recent, hours): (EdgeMeasure, EdgeMeasure) = self.measures.of((from, to));
            ServiceEdge { from: from.name().into(), to: to.name().into(), kind, recent, hours }
        });
        Ok(ServicesView { as_of: now.timestamp_millis(), nodes, edges: edges.into() })
    }

    async fn other_terminals(&self, now: DateTime<Utc>) -> Result<Vec<ServiceNode>, StoreError> {
        read(&*self.ports.journal, move |tx| {
            let Some(here) = tx.origin()? else { return Ok(Vec::new()) };
            let (names, heard) = (Names::read(tx)?, tx.heard()?);
            let others = tx.references(ReferenceKind::Terminal)?.into_iter().map(|reference| reference.id);
            let mut nodes = Vec::new();
            for id in others.filter(|id| *id != here.terminal_id.0) {
                let said = heard.iter().find(|it| it.terminal_id.0 == id);
                let is_silent = |at: DateTime<Utc>| now - at > SILENT;
                let state = said.map(|it| match is_silent(it.received_at) {
                    true => ContextState::Stopped,
                    false => ContextState::Running,
                });
                let name = names.terminal_named(nosmoke_domain::ids::TerminalId(id));
                nodes.push(ServiceNode { id: id.to_string(), kind: NodeKind::Terminal, name, state });
            }
            Ok(nodes)
        })
        .await
    }
}

fn node(node: Node, kind: NodeKind, state: Option<ContextState>) -> ServiceNode {
    ServiceNode { id: node.name().into(), kind, name: None, state }
}

fn link_state(link: LinkState) -> ContextState {
    match link {
        LinkState::Alone => ContextState::Stopped,
        LinkState::Offline { .. } => ContextState::Failing,
        LinkState::Online { reading: true, .. } => ContextState::CatchingUp,
        LinkState::Online { reading: false, .. } => ContextState::Running,
    }
}
