//! `nosmoke digest`: equal sets of facts print equal lines.

use nosmoke_composition::{Beside, Means};
use nosmoke_domain::ids::{IncarnationId, TerminalId};
use serde::Serialize;

use crate::args::Folder;
use crate::error::{Failed, say};

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Head {
    /// Null while only later facts of it have arrived.
    terminal: Option<TerminalId>,
    incarnation: IncarnationId,
    seq: u64,
}

pub async fn digest(means: Means, folder: Folder) -> Result<(), Failed> {
    let beside = Beside::open(means, &folder.data_dir).await?;
    let extent = beside.extent().await;
    beside.close().await;
    let (extent, terminals) = extent?;
    let of = |(incarnation, seq): (IncarnationId, u64)| {
        let terminal = terminals.get(&incarnation).copied();
        Head { terminal, incarnation, seq }
    };
    let mut heads: Vec<Head> = extent.heads.into_iter().filter(|(_, seq)| *seq > 0).map(of).collect();
    heads.sort_unstable();
    let digest = extent.digest.to_string();
    say(serde_json::json!({ "facts": extent.facts, "heads": heads, "digest": digest }))
}
