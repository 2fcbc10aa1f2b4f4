//! What a program gives to open a data folder: its means, the place, and who listens.

use std::path::PathBuf;
use std::sync::Arc;

use nosmoke_domain::fact::Catalogue;
use nosmoke_mypage_postgres::Settings as MypageServer;
use nosmoke_ports::contract::{Changed, Connection};
use nosmoke_ports::{Clock, Ids, RandomIds, SystemClock};

/// Hears what whoever shows something wants to know.
pub trait Listener: Send + Sync + 'static {
    /// Facts or records changed, and the change can be seen.
    fn changed(&self, changed: Changed);
    /// The link or the number of what waits changed.
    fn link(&self);
}

/// Nobody listens.
impl Listener for () {
    fn changed(&self, _: Changed) {}
    fn link(&self) {}
}

/// What a data folder is opened with.
#[derive(Debug, Clone)]
pub struct Means {
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    /// The program's version, told to the other terminals.
    pub version: String,
    /// As what the program introduces itself to the cluster.
    pub client: String,
    /// The types of facts that it knows; fewer in tests only.
    pub catalogue: Catalogue,
}

impl Means {
    /// The system's clock and random ids.
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

/// Which folder is opened, and how.
#[derive(Debug, Clone)]
pub struct Place {
    pub folder: PathBuf,
    /// Where folders are marked, outside of this one; none for one whose copies don't matter.
    pub marks: Option<PathBuf>,
    /// False for one that exchanges with nobody, whatever it keeps.
    pub linked: bool,
    /// A connection that takes the place of the one that is kept.
    pub connection: Option<Connection>,
    /// A server that keeps Mypage's read model in place of what the folder wants, for as long as it is open; nothing of it is
    /// kept.
    pub mypage: Option<MypageServer>,
}
