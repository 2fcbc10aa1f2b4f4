//! Disruptions of terminals, their files, the network and the log: crashes, losses, restores, copies.

use nosmoke_domain::fact::{Hash, chain_hash};
use nosmoke_domain::ids::IncarnationId;
use nosmoke_ports::authentication::MessageKey;
use nosmoke_ports::{
    Incoming, Outgoing, Partition, Priority, StoreError, Topic, Write, is_authentication, read, write,
};
use nosmoke_ports::{RESTORED_FROM, RestoredFrom};
use nosmoke_replication::incarnations::restore::{self, Marked, begin_incarnation, leave_to_manager};

use super::cluster::Loss;
use super::crashing_journal::PlannedCrash;
use super::faults::Fault;
use super::invariants::{Broken, Invariant, ensure};
use super::journal_mirror::JournalMirror;
use super::operations::Operation as O;
use super::simulated_marks::SimulatedMarks;
use super::terminal::{Node, NodeConfig, block_on, open};
use super::wire::{Network, authenticated};
use super::world::{World, json};

/// Bounds the number of terminals, copies included.
const MAX_TERMINALS: usize = 8;

impl World {
    pub(super) fn disrupt(&mut self, operation: O, at: usize) -> Result<String, Broken> {
        match operation {
            O::Crash => {
                let (before, node) = (incarnation(&self.nodes[at])?, &mut self.nodes[at]);
                node.reopen()?;
                let same = incarnation(node)? == before;
                ensure(Invariant::SameIncarnation, same, || {
                    format!("{at} was in {before:?} and begins another incarnation")
                })?;
                Ok(String::new())
            }
            O::LoseMarks => Ok(self.nodes[at].marks.damage(&mut self.rng).into()),
            O::DieSoon => {
                let crash = PlannedCrash { after: self.rng.u32(..6), committed: self.rng.bool() };
                self.nodes[at].journal.plan_crash(crash);
                Ok(format!("{crash:?}"))
            }
            O::ChangeNetwork => {
                let network = self.network();
                self.nodes[at].wire.set(network);
                Ok(format!("{network:?}"))
            }
            O::Heal => {
                self.nodes[at].wire.set(Network::default());
                Ok(String::new())
            }
            O::LoseLog => {
                let losses = [
                    Loss::Emptied,
                    Loss::CutShort,
                    Loss::CutShort,
                    Loss::Refilled,
                    Loss::Reordered,
                    Loss::AnotherCluster,
                ];
                let loss = losses[self.rng.usize(..losses.len())];
                let mut rng = self.rng.fork();
                self.cluster().lose(loss, &mut rng);
                Ok(format!("{loss:?}"))
            }
            O::ReplaceLog => {
                let losses = [Loss::Emptied, Loss::CutShort, Loss::Refilled, Loss::Reordered];
                let loss = losses[self.rng.usize(..losses.len())];
                let mut rng = self.rng.fork();
                self.cluster().replace(loss, &mut rng);
                Ok(format!("{loss:?}"))
            }
            O::MakeGap => {
                let mut rng = self.rng.fork();
                self.cluster().make_a_gap(&mut rng);
                Ok(String::new())
            }
            O::Compact => {
                let mut rng = self.rng.fork();
                self.cluster().compact(&mut rng);
                Ok(String::new())
            }
            O::Hostile => self.hostile(),
            O::Backup => {
                let (from, to) = (&self.nodes[at].file, self.folder.path().join(format!("{at}.backup")));
                std::fs::copy(from, &to).map_err(failed)?;
                self.nodes[at].backup = Some(to);
                Ok(String::new())
            }
            O::Restore | O::PutBack => self.put_back(at, operation == O::Restore),
            O::Clone => self.copy(at),
            O::Upgrade => {
                self.nodes[at].upgrade()?;
                Ok(String::new())
            }
            O::Retire => {
                if self.live().len() <= 2 || self.fault.is_some() {
                    return Ok("needed".into());
                }
                self.nodes[at].retired = true;
                Ok(String::new())
            }
            _ => Ok(String::new()),
        }
    }

    fn network(&mut self) -> Network {
        let rng = &mut self.rng;
        let mut some = |most: u8| if rng.bool() { rng.u8(..most) } else { 0 };
        let (lost, failed, unanswered, repeated) = (some(30), some(30), some(30), some(60));
        Network { cut: rng.u8(..5) < 2, slow: rng.u8(..3) == 0, lost, failed, unanswered, repeated }
    }

    /// Replaces a terminal's journal by an older copy; newer facts are lost unless the log has them. With `announced`,
    /// the program restores the backup; otherwise a person copies the file, and only the mark can reveal the change.
    fn put_back(&mut self, at: usize, announced: bool) -> Result<String, Broken> {
        let Some(backup) = self.nodes[at].backup.clone() else { return Ok("no copy".into()) };
        let node = &mut self.nodes[at];
        std::fs::remove_file(&node.file).map_err(failed)?;
        std::fs::copy(backup, &node.file).map_err(failed)?;
        let (before, marked) = in_file(&node.config)?;
        let may_continue = marked.is_none_or(|marked| node.marks.may_continue(marked));
        // A restore gives the journal another id, and one that is older than the read model has fewer changes.
        node.mypage.forget();
        node.reopen()?;
        node.mirror = JournalMirror::default();
        let incarnation = incarnation(node)?;
        let goes_on = incarnation == before;
        if !announced {
            let own = own_incarnations(node)?;
            self.model.copied.extend(own.into_iter().filter(|_| goes_on));
            ensure(Invariant::OneIncarnation, may_continue || !goes_on, || format!("{at} is older and goes on"))?;
            return Ok(if goes_on { "unnoticed" } else { "noticed by the mark" }.into());
        }
        if self.has(at, Fault::ReusesAnIncarnation) {
            self.plant(at)?;
            return Ok("goes on in the old incarnation".into());
        }
        let (node, at_ms) = (&self.nodes[at], self.true_time.now());
        let restored = RestoredFrom { incarnation, created_at: at_ms, restored_at: at_ms };
        let text = json(&restored)?.to_string();
        let unit = move |tx: &mut dyn Write| tx.put_setting(RESTORED_FROM, &text);
        block_on(write::<_, StoreError>(&*node.journal, Priority::Command, unit))?;
        let begun = block_on(begin_incarnation(&*node.journal, node.ids.clone()));
        begun.map_err(|error| Broken::new(Invariant::Works, format!("{error:?}")))?;
        let left = block_on(leave_to_manager(&*node.journal));
        left.map_err(|error| Broken::new(Invariant::Works, format!("{error:?}")))?;
        Ok(String::new())
    }

    /// Starts another terminal on a copy of a terminal's folder. If the copy isn't detected, both record in one
    /// incarnation.
    fn copy(&mut self, at: usize) -> Result<String, Broken> {
        if self.nodes.len() >= MAX_TERMINALS {
            return Ok("enough".into());
        }
        let (file, terminal_id) = (self.nodes[at].file.clone(), self.nodes[at].terminal_id);
        let catalogue = self.nodes[at].catalogue;
        let last = self.nodes.len();
        let (marks, how) = match self.rng.u8(..3) {
            0 => (self.nodes[at].marks.of_copied_machine(), "with the whole machine"),
            1 => (self.nodes[at].marks.of_sibling_folder(last), "beside the original"),
            _ => (SimulatedMarks::new(last, self.nodes[at].fault), "to another machine"),
        };
        let config = NodeConfig { catalogue, marks, ..self.node_config(terminal_id) };
        std::fs::copy(file, &config.file).map_err(failed)?;
        let (before, marked) = in_file(&config)?;
        let may_continue = marked.is_none_or(|marked| config.marks.may_continue(marked));
        let node = Node::open(config)?;
        let goes_on = incarnation(&node)? == before;
        self.model.copied.extend(own_incarnations(&node)?.into_iter().filter(|_| goes_on));
        self.nodes.push(node);
        ensure(Invariant::OneIncarnation, may_continue || !goes_on, || format!("{last} is a copy and goes on"))?;
        self.observe(last)?;
        Ok(format!("{how}, as {last}"))
    }

    /// Appends an invalid or foreign message to the log, such as none of our terminals writes. Some of its writers have
    /// the facility key.
    fn hostile(&mut self) -> Result<String, Broken> {
        let (mut rng, key) = (self.rng.fork(), self.facility.1.message_key());
        let mut cluster = self.cluster();
        let kind = rng.u8(..8);
        let Some(mut message) = cluster.any_fact(&mut rng) else { return Ok("empty".into()) };
        match kind {
            0 => message.value = None,
            1 => message.value = Some(vec![b'{'; 40]),
            2 => message.value.iter_mut().for_each(|value| value.truncate(value.len() / 2)),
            3 => message.key = Some(b"nobody".to_vec()),
            4 => message.headers.retain(|(name, _)| name != "ce_hash"),
            5 => message.value.iter_mut().for_each(|value| value.push(b' ')),
            6 => message = with_unknown_type(message, &mut rng),
            _ => {
                let topic = [Topic::Profiles, Topic::Reference, Topic::Heartbeats][rng.usize(..3)];
                message.partition = Partition { topic, number: 0 };
                message.key = Some(if topic == Topic::Reference { b"area/1".to_vec() } else { b"1".to_vec() });
            }
        }
        let has_key = rng.bool();
        if has_key {
            message = authenticated_again(message, &key);
        }
        cluster.put(message);
        Ok(format!("{kind}{}", if has_key { " with the key" } else { "" }))
    }
}

/// Replaces the MAC of a message by one that fits it.
fn authenticated_again(mut message: Incoming, key: &MessageKey) -> Incoming {
    message.headers.retain(|(name, _)| !is_authentication(name.as_bytes()));
    let Incoming { partition, key: of, value, headers, .. } = message.clone();
    let of = String::from_utf8_lossy(of.as_deref().unwrap_or_default()).into_owned();
    message.headers = authenticated(Outgoing { topic: partition.topic, key: of, value, headers }, key).headers;
    message
}

/// Turns a fact's message into a valid one of a type that no simulated terminal knows, as a newer program would write
/// it.
fn with_unknown_type(mut message: Incoming, rng: &mut fastrand::Rng) -> Incoming {
    let parsed = serde_json::from_slice::<serde_json::Value>(message.value.as_deref().unwrap_or_default());
    let Ok(mut envelope) = parsed else { return message };
    let id =
        |rng: &mut fastrand::Rng| uuid::Builder::from_random_bytes(rng.u128(..).to_be_bytes()).into_uuid().to_string();
    for name in ["event_id", "terminal_id", "incarnation"] {
        envelope[name] = id(rng).into();
    }
    envelope["type"] = "SomethingNew".into();
    envelope["seq"] = 1.into();
    let bytes = envelope.to_string().into_bytes();
    let hash = chain_hash(Hash::ZERO, &bytes);
    message.headers.retain(|(name, _)| name != "ce_hash" && name != "ce_prevhash");
    message.headers.push(("ce_hash".into(), hash.to_string().into_bytes()));
    message.headers.push(("ce_prevhash".into(), Hash::ZERO.to_string().into_bytes()));
    message.value = Some(bytes);
    message
}

/// Reads from a journal, without starting its terminal: the incarnation, and what its mark is compared with.
fn in_file(config: &NodeConfig) -> Result<(Option<IncarnationId>, Option<Marked>), Broken> {
    let journal = open(&config.file, config.clock.clone())?;
    let origin = block_on(read::<_, StoreError>(&journal, |tx| tx.origin()))?;
    let marked = block_on(restore::marked(&journal)).map_err(|error| Broken::new(Invariant::Works, error))?;
    Ok((origin.map(|origin| origin.incarnation), marked))
}

/// Returns the incarnations that a terminal records for.
pub(super) fn own_incarnations(node: &Node) -> Result<Vec<IncarnationId>, Broken> {
    Ok(block_on(read::<_, StoreError>(&*node.journal, |tx| tx.own_incarnations()))?)
}

/// Returns the incarnation in which a terminal records.
pub(super) fn incarnation(node: &Node) -> Result<Option<IncarnationId>, Broken> {
    let origin = block_on(read::<_, StoreError>(&*node.journal, |tx| tx.origin()))?;
    Ok(origin.map(|origin| origin.incarnation))
}

fn failed(error: std::io::Error) -> Broken {
    Broken::new(Invariant::Works, error)
}
