//! A connection tried before it is kept: what would be found, without a change to the cluster.

use std::sync::Arc;
use std::time::{Duration, Instant};

use nosmoke_ports::{LogError, Topic};

use crate::clients::Clients;
use crate::connect::connect;
use crate::log::blocking;
use crate::settings::Settings;
use crate::topics;

/// What a trial found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trial {
    pub cluster_id: Option<String>,
    /// Records of facts in the cluster; none when the topics are still to be made.
    pub facts: Option<u64>,
    pub took: Duration,
    pub error: Option<LogError>,
}

/// Connects with clients of its own and looks; makes no topic. Takes ten seconds at most.
pub async fn try_connection(settings: Settings) -> Trial {
    let begin = Instant::now();
    let found = blocking(move || Ok(look(&settings))).await;
    let trial = found.unwrap_or_else(|error| Trial { error: Some(error), ..Trial::default() });
    Trial { took: begin.elapsed(), ..trial }
}

fn look(settings: &Settings) -> Trial {
    let mut trial = Trial::default();
    let mut looked = || {
        let quiet = Arc::default();
        let clients = Clients::begin_quietly(settings, Arc::clone(&quiet))?;
        let cluster = connect(settings, &clients, &|| true)?;
        trial.cluster_id = Some(cluster.id);
        let found = topics::find(settings, &clients)?;
        topics::check(settings, &quiet, &found)?;
        let facts = found.into_iter().filter(|(topic, _)| *topic == Topic::Facts).collect::<topics::Found>();
        let reach = if facts.is_empty() { Default::default() } else { topics::reach(settings, &clients, &facts)? };
        trial.facts = Some(reach.values().map(|range| range.end.abs_diff(range.start)).sum());
        Ok(())
    };
    let error: Option<LogError> = looked().err();
    trial.error = error;
    trial
}
