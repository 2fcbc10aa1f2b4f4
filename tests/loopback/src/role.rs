//! Changes the role of a terminal's staff member directly in the journal. The set-up makes this person a manager, and
//! no call of the program changes that, but the parity suite also plays other roles.

use std::path::Path;
use std::sync::Arc;

use nosmoke_composition::{Environment, FolderOptions, OpenFolder, Purpose};
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{AppError, ErrorCode};
use nosmoke_ports::{Priority, ReferenceKind, Write, write};
use nosmoke_reading::reference::{self, StaffBody};

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum RoleName {
    Staff,
    Supervisor,
    Manager,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Staff => Self::Staff,
            RoleName::Supervisor => Self::Supervisor,
            RoleName::Manager => Self::Manager,
        }
    }
}

/// # Errors
/// Returns `not_set_up` if the folder has no facility yet, or an error of the store.
pub(crate) async fn give(environment: &Environment, folder: &Path, role: Role) -> Result<(), AppError> {
    let options = FolderOptions {
        folder: folder.to_owned(),
        purpose: Purpose::Practise,
        replicates: false,
        connection: None,
        mypage: None,
    };
    let open = OpenFolder::open(environment.clone(), options, Arc::new(())).await?;
    let (ids, now) = (environment.ids.clone(), environment.clock.now());
    let given = async {
        let unit = move |tx: &mut dyn Write| {
            let manager = tx.references(ReferenceKind::Staff)?.into_iter().next();
            let manager = manager.ok_or_else(|| AppError::new(ErrorCode::NotSetUp))?;
            let body = StaffBody { role, ..reference::body(&manager)? };
            Ok::<_, AppError>(reference::put(tx, &*ids, now, (ReferenceKind::Staff, manager.id), &body)?)
        };
        write(&*open.terminal().core.journal, Priority::Command, unit).await.map(|_| ())
    };
    let given = given.await;
    open.close().await;
    given
}
