//! What befalls terminals, their files, the network and the log.

use nosmoke_domain::fact::{Hash, chain_hash};
use nosmoke_domain::ids::IncarnationId;
use nosmoke_ports::Found;
use nosmoke_ports::{Incoming, Marks, Partition, Priority, StoreError, Topic, Write, read, write};
use nosmoke_ports::{RESTORED_FROM, RestoredFrom};
use nosmoke_replication::lives::restore::{self, begin_incarnation, leave_to_manager};

use super::cluster::Loss;
use super::faults::Fault;
use super::invariants::{Broken, Invariant, hold};
use super::known::Known;
use super::mortal::Death;
use super::operations::Operation as O;
use super::place::Place;
use super::terminal::{Kept, Node, now, open};
use super::wire::Network;
use super::world::{World, json};

/// Terminals at most, copies counted.
const TERMINALS: usize = 8;

impl World {
    pub(super) fn befall(&mut self, operation: O, at: usize) -> Result<String, Broken> {
        match operation {
            O::Crash => {
                let (before, node) = (life(&self.nodes[at])?, &mut self.nodes[at]);
                let lost = before.is_some_and(|before| node.place.find(before) == Ok(Found::Nothing));
                node.reopen()?;
                let same = lost || life(node)? == before;
                hold(Invariant::SameLife, same, || format!("{at} was in {before:?} and begins another life"))?;
                Ok(String::new())
            }
            O::LoseMarks => Ok(self.nodes[at].place.damage(&mut self.rng).into()),
            O::DieSoon => {
                let death = Death { after: self.rng.u32(..6), committed: self.rng.bool() };
                self.nodes[at].mortal.dies(death);
                Ok(format!("{death:?}"))
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

    /// An older copy of the file comes in its place. What it lacks is gone, unless the log has it.
    fn put_back(&mut self, at: usize, noticed: bool) -> Result<String, Broken> {
        let Some(backup) = self.nodes[at].backup.clone() else { return Ok("no copy".into()) };
        let node = &mut self.nodes[at];
        std::fs::remove_file(&node.file).map_err(failed)?;
        std::fs::copy(backup, &node.file).map_err(failed)?;
        let before = kept_life(&node.kept)?;
        let may_go_on = before.is_none_or(|before| node.place.may_go_on(before));
        node.reopen()?;
        node.known = Known::default();
        let incarnation = life(node)?;
        let goes_on = incarnation == before.map(|(incarnation, ..)| incarnation);
        if !noticed {
            self.model.copied.extend(incarnation.filter(|_| goes_on));
            hold(Invariant::OneLife, may_go_on || !goes_on, || format!("{at} is older and goes on"))?;
            return Ok(if goes_on { "nobody noticed" } else { "the mark tells" }.into());
        }
        if self.has(at, Fault::ReusesALife) {
            self.plant(at)?;
            return Ok("goes on as if nothing had been".into());
        }
        let (node, at_ms) = (&self.nodes[at], self.truth.now());
        let restored = RestoredFrom { incarnation, created_at: at_ms, restored_at: at_ms };
        let text = json(&restored)?.to_string();
        let unit = move |tx: &mut dyn Write| tx.put_setting(RESTORED_FROM, &text);
        now(write::<_, StoreError>(&*node.mortal, Priority::Command, unit))?;
        let begun = now(begin_incarnation(&*node.mortal, node.ids.clone()));
        begun.map_err(|error| Broken::new(Invariant::Works, format!("{error:?}")))?;
        let left = now(leave_to_manager(&*node.mortal));
        left.map_err(|error| Broken::new(Invariant::Works, format!("{error:?}")))?;
        Ok(String::new())
    }

    /// A copy of the folder is used by another terminal: two record in one life.
    fn copy(&mut self, at: usize) -> Result<String, Broken> {
        if self.nodes.len() >= TERMINALS {
            return Ok("enough".into());
        }
        let (file, terminal_id) = (self.nodes[at].file.clone(), self.nodes[at].terminal_id);
        let catalogue = self.nodes[at].catalogue;
        let last = self.nodes.len();
        let (place, how) = match self.rng.u8(..3) {
            0 => (self.nodes[at].place.twin(), "machine and all"),
            1 => (self.nodes[at].place.beside(last), "beside it"),
            _ => (Place::new(last, self.nodes[at].fault), "to another machine"),
        };
        let kept = Kept { catalogue, place, ..self.kept(terminal_id) };
        std::fs::copy(file, &kept.file).map_err(failed)?;
        let before = kept_life(&kept)?;
        let may_go_on = before.is_none_or(|before| kept.place.may_go_on(before));
        let node = Node::open(kept)?;
        let goes_on = life(&node)? == before.map(|(incarnation, ..)| incarnation);
        self.model.copied.extend(life(&node)?.filter(|_| goes_on));
        self.nodes.push(node);
        hold(Invariant::OneLife, may_go_on || !goes_on, || format!("{last} is a copy and goes on"))?;
        self.observe(last)?;
        Ok(format!("{how}, as {last}"))
    }

    /// A record that no terminal wrote, or not so.
    fn hostile(&mut self) -> Result<String, Broken> {
        let mut rng = self.rng.fork();
        let mut cluster = self.cluster();
        let kind = rng.u8(..8);
        let Some(mut record) = cluster.any_fact(&mut rng) else { return Ok("empty".into()) };
        match kind {
            0 => record.value = None,
            1 => record.value = Some(vec![b'{'; 40]),
            2 => record.value.iter_mut().for_each(|value| value.truncate(value.len() / 2)),
            3 => record.key = Some(b"nobody".to_vec()),
            4 => record.headers.retain(|(name, _)| name != "ce_hash"),
            5 => record.value.iter_mut().for_each(|value| value.push(b' ')),
            6 => record = unknown(record, &mut rng),
            _ => {
                let topic = [Topic::Profiles, Topic::Reference, Topic::Heartbeats][rng.usize(..3)];
                record.partition = Partition { topic, number: 0 };
                record.key = Some(if topic == Topic::Reference { b"area/1".to_vec() } else { b"1".to_vec() });
            }
        }
        cluster.put(record);
        Ok(kind.to_string())
    }
}

/// A fact of a later version's terminal: well made, of a type that nobody here knows.
fn unknown(mut record: Incoming, rng: &mut fastrand::Rng) -> Incoming {
    let parsed = serde_json::from_slice::<serde_json::Value>(record.value.as_deref().unwrap_or_default());
    let Ok(mut envelope) = parsed else { return record };
    let id =
        |rng: &mut fastrand::Rng| uuid::Builder::from_random_bytes(rng.u128(..).to_be_bytes()).into_uuid().to_string();
    for name in ["event_id", "terminal_id", "incarnation"] {
        envelope[name] = id(rng).into();
    }
    envelope["type"] = "SomethingNew".into();
    envelope["seq"] = 1.into();
    let bytes = envelope.to_string().into_bytes();
    let hash = chain_hash(Hash::ZERO, &bytes);
    record.headers.retain(|(name, _)| name != "ce_hash" && name != "ce_prevhash");
    record.headers.push(("ce_hash".into(), hash.to_string().into_bytes()));
    record.headers.push(("ce_prevhash".into(), Hash::ZERO.to_string().into_bytes()));
    record.value = Some(bytes);
    record
}

/// The life that a folder holds, its last seq, and whether it was marked; nothing is started.
fn kept_life(kept: &Kept) -> Result<Option<(IncarnationId, u64, bool)>, Broken> {
    let journal = open(&kept.file, kept.clock.clone())?;
    now(restore::life(&journal)).map_err(|error| Broken::new(Invariant::Works, error))
}

/// The life in which a terminal records.
pub(super) fn life(node: &Node) -> Result<Option<IncarnationId>, Broken> {
    let origin = now(read::<_, StoreError>(&*node.mortal, |tx| tx.origin()))?;
    Ok(origin.map(|origin| origin.incarnation))
}

fn failed(error: std::io::Error) -> Broken {
    Broken::new(Invariant::Works, error)
}
