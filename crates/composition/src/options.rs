//! The arguments of [`OpenFolder::open`](crate::OpenFolder::open): the environment, the folder's options and the
//! listener.

use std::path::PathBuf;
use std::sync::Arc;

use nosmoke_domain::fact::Catalogue;
use nosmoke_mypage_postgres::Settings as MypageServer;
use nosmoke_ports::contract::Changed;
use nosmoke_ports::{Clock, Ids, RandomIds, SystemClock};
use nosmoke_replication::joining::connection::ConnectionChange;

/// Callbacks with which a user interface follows an open folder.
pub trait Listener: Send + Sync + 'static {
    /// Called when facts or documents have changed, after the projections have processed the change.
    fn changed(&self, changed: Changed);
    /// Called when the connection's state or the number of pending facts and documents changed.
    fn connection(&self);
}

/// A listener that ignores all callbacks.
impl Listener for () {
    fn changed(&self, _: Changed) {}
    fn connection(&self) {}
}

/// The program's clock, ids and identity; tests replace some of these.
#[derive(Debug, Clone)]
pub struct Environment {
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    /// The program's version, sent to other terminals in heartbeats.
    pub version: String,
    /// Kafka's `client.id`, by which the cluster's logs name this program.
    pub client: String,
    /// The fact types that the program knows. Tests leave some out, to play an older program.
    pub catalogue: Catalogue,
}

impl Environment {
    /// Returns an environment with the system's clock and random ids.
    pub fn of_system(client: &str, version: &str) -> Self {
        Self {
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
            version: version.to_owned(),
            client: client.to_owned(),
            catalogue: Catalogue::default(),
        }
    }
}

/// What a folder is opened for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// To record. Before anything is recorded it is judged whether the folder is a copy. `marks` is the folder of the marks,
    /// outside the data folder, if this user has one.
    Record { marks: Option<PathBuf> },
    /// To record without judging: the demonstration, which is deleted later, and tests.
    Practise,
    /// To read, and to bring derived data up to date. Records nothing, so it never judges who the terminal is.
    Read,
}

/// Which data folder is opened, and how.
#[derive(Debug, Clone)]
pub struct FolderOptions {
    pub folder: PathBuf,
    pub purpose: Purpose,
    /// False disables replication, the sending of spans and scheduled backups, whatever the folder's settings say.
    pub replicates: bool,
    /// What is changed of the folder's connection settings, and saved.
    pub connection: Option<ConnectionChange>,
    /// A server for Mypage's read model, used in place of the one in the folder's setting while the folder is open. It
    /// isn't saved.
    pub mypage: Option<MypageServer>,
}
