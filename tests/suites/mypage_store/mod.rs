//! The customer center's read model on both engines (S5).

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

/// The server that tests share which leave it alone. It ends with the process.
pub fn shared() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(Server::start)
}

/// How the superuser reaches a server.
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

/// A second terminal on a desk's journal, with its read model on PostgreSQL: on the shared server, reached by this port.
pub async fn on_postgres(desk: &Desk, port: u16) -> Terminal {
    let settings = Settings::new(&PostgresServer { port, ..reach(shared()) }, Some(PASSWORD));
    let (journal, clock) = (desk.store.journal(), desk.clock.clone());
    let mypage = Arc::new(PostgresMypage::new(settings, Arc::new(JournalSource(journal.clone()))));
    let ports = Ports { journal, mypage, clock, ids: Arc::new(RandomIds), traces: Traces::default() };
    Terminal::new(ports).await.unwrap()
}

/// A journal that says what it is told to.
#[derive(Debug, Clone, Copy)]
struct Fixed(MypageClaim);

#[async_trait]
impl MypageSource for Fixed {
    async fn claim(&self) -> Result<MypageClaim, StoreError> {
        Ok(self.0)
    }
}

fn claim(life: Uuid, store_id: u128, last_change: i64) -> MypageClaim {
    let (store_id, life) = (Uuid::from_u128(store_id), Some(IncarnationId(life)));
    MypageClaim { store_id, life, generation: 0, last_change }
}

/// Where a read model lies, to be opened again and again.
enum Place {
    Sqlite(TempDir),
    /// The life that the schema is of.
    Postgres(Uuid),
}

impl Place {
    fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    fn postgres() -> Self {
        Self::Postgres(Uuid::new_v4())
    }

    async fn open(&self, store_id: u128, last_change: i64) -> Opened {
        match self {
            Self::Sqlite(folder) => {
                let folder = Arc::new(Folder::open(folder.path()).unwrap());
                let store = SqliteMypage::open(folder, Uuid::from_u128(store_id), last_change).await.unwrap();
                let sqlite = Arc::new(store);
                Opened { store: sqlite.clone(), sqlite: Some(sqlite) }
            }
            Self::Postgres(life) => {
                let source = Arc::new(Fixed(claim(*life, store_id, last_change)));
                Opened { store: Arc::new(PostgresMypage::new(settings(shared()), source)), sqlite: None }
            }
        }
    }
}

struct Opened {
    store: Arc<dyn MypageStore>,
    sqlite: Option<Arc<SqliteMypage>>,
}

impl Opened {
    async fn close(self) {
        if let Some(sqlite) = &self.sqlite {
            sqlite.close().await;
        }
    }
}

impl Deref for Opened {
    type Target = dyn MypageStore;

    fn deref(&self) -> &Self::Target {
        &*self.store
    }
}

/// Each of these tests, once on SQLite and once on PostgreSQL.
macro_rules! on_each_engine {
    ($($test:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test]
            async fn $test() {
                super::$test(crate::mypage_store::Place::sqlite()).await;
            })*
        }
        mod on_postgres {
            $(#[tokio::test]
            async fn $test() {
                super::$test(crate::mypage_store::Place::postgres()).await;
            })*
        }
    };
}
use on_each_engine;
