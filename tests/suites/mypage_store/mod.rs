//! Mypage's store on both engines, SQLite and PostgreSQL (S5).

mod differential;
mod folder;
mod port;
mod server;

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use nosmoke_application::terminal::{Ports, Terminal};
use nosmoke_domain::ids::IncarnationId;
use nosmoke_mypage_postgres::{PostgresMypage, Settings};
use nosmoke_ports::contract::{PostgresServer, Transport};
use nosmoke_ports::mypage_source::JournalSource;
use nosmoke_ports::traces::Traces;
use nosmoke_ports::{MypageClaim, MypageSource, MypageStore, RandomIds, StoreError};
use nosmoke_postgres::{DATABASE, PASSWORD, Server, USER};
use nosmoke_store::{Folder, SqliteMypage};
use tempfile::TempDir;
use uuid::Uuid;

use crate::support::Desk;

/// The PostgreSQL server that all tests share which don't stop it. It ends with this process.
pub fn shared() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(Server::start)
}

/// The superuser's connection settings for a server.
fn reach(server: &Server) -> PostgresServer {
    PostgresServer {
        host: "127.0.0.1".into(),
        port: server.port(),
        database: DATABASE.into(),
        user: USER.into(),
        transport: Transport::Plain,
        ca_file: String::new(),
        password_kept: true,
    }
}

fn settings(server: &Server) -> Settings {
    Settings::new(&reach(server), Some(PASSWORD))
}

/// Opens a second terminal on a desk's journal, with Mypage's store on the shared PostgreSQL server. Connects to the
/// given port, which may be a proxy's.
pub async fn on_postgres(desk: &Desk, port: u16) -> Terminal {
    let settings = Settings::new(&PostgresServer { port, ..reach(shared()) }, Some(PASSWORD));
    let (journal, clock) = (desk.store.journal(), desk.clock.clone());
    let mypage = Arc::new(PostgresMypage::new(settings, Arc::new(JournalSource(journal.clone()))));
    let (access, ids) = (Arc::new(()), Arc::new(RandomIds));
    let ports = Ports { journal, mypage, access, clock, ids, traces: Traces::default() };
    let terminal = Terminal::new(ports).await.unwrap();
    sign_in_alike(&terminal, desk);
    terminal
}

/// Signs the person in at another terminal of the same folder who is signed in at a desk.
fn sign_in_alike(terminal: &Terminal, desk: &Desk) {
    if let Some(staff_id) = desk.terminal.people.signed_in() {
        terminal.people.enter(staff_id);
    }
}

/// A stand-in for the journal, which a store on a server asks at each connect for its incarnation and last change.
#[derive(Debug, Clone, Copy)]
struct FixedSource(MypageClaim);

#[async_trait]
impl MypageSource for FixedSource {
    async fn claim(&self) -> Result<MypageClaim, StoreError> {
        Ok(self.0)
    }
}

fn claim(incarnation: Uuid, store_id: u128, last_change: i64) -> MypageClaim {
    let (store_id, incarnation) = (Uuid::from_u128(store_id), Some(IncarnationId(incarnation)));
    MypageClaim { store_id, incarnation, generation: 0, last_change }
}

/// The location of a store, so that a test can close and reopen it.
enum StoreLocation {
    Sqlite(TempDir),
    /// The incarnation whose schema on the server is the store.
    Postgres(Uuid),
}

impl StoreLocation {
    fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    fn postgres() -> Self {
        Self::Postgres(Uuid::new_v4())
    }

    async fn open(&self, store_id: u128, last_change: i64) -> OpenStore {
        match self {
            Self::Sqlite(folder) => {
                let folder = Arc::new(Folder::open(folder.path()).unwrap());
                let store = SqliteMypage::open(folder, Uuid::from_u128(store_id), last_change).await.unwrap();
                let sqlite = Arc::new(store);
                OpenStore { store: sqlite.clone(), sqlite: Some(sqlite) }
            }
            Self::Postgres(incarnation) => {
                let source = Arc::new(FixedSource(claim(*incarnation, store_id, last_change)));
                OpenStore { store: Arc::new(PostgresMypage::new(settings(shared()), source)), sqlite: None }
            }
        }
    }
}

struct OpenStore {
    store: Arc<dyn MypageStore>,
    sqlite: Option<Arc<SqliteMypage>>,
}

impl OpenStore {
    async fn close(self) {
        if let Some(sqlite) = &self.sqlite {
            sqlite.close().await;
        }
    }
}

impl Deref for OpenStore {
    type Target = dyn MypageStore;

    fn deref(&self) -> &Self::Target {
        &*self.store
    }
}

/// Runs each of these tests on SQLite and on PostgreSQL.
macro_rules! on_each_engine {
    ($($test:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test]
            async fn $test() {
                super::$test(crate::mypage_store::StoreLocation::sqlite()).await;
            })*
        }
        mod on_postgres {
            $(#[tokio::test]
            async fn $test() {
                super::$test(crate::mypage_store::StoreLocation::postgres()).await;
            })*
        }
    };
}
use on_each_engine;
