//! Sets up a terminal that joins an existing facility.

use std::sync::Arc;

use nosmoke_domain::fact::Origin;
use nosmoke_domain::ids::{IncarnationId, StaffId, TerminalId};
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{AppError, ErrorCode, JoinInput};
use nosmoke_ports::limits::{self, NAME_MAX};
use nosmoke_ports::{Clock, Ids, Journal, Priority, ReferenceKind, Write, write};
use nosmoke_reading::reference::{self, StaffBody, TerminalBody};
use nosmoke_replication::joining::connection;
use nosmoke_replication::joining::pairing::{Carried, read_code};

use super::set_up::{STAFF_SETTING, hash_pin};

/// Sets up an empty data folder as a further terminal of an existing facility. Areas, rules and customers arrive by
/// replication.
///
/// # Errors
/// `already_set_up`, `bad_pairing_code`, `empty`, `too_long`, `invalid_text`, `invalid_pin`, `log_settings`, or an
/// error of the store.
pub async fn join(
    journal: &dyn Journal,
    ids: Arc<dyn Ids>,
    clock: &dyn Clock,
    input: JoinInput,
) -> Result<(), AppError> {
    let Carried { facility_id, key, .. } = read_code(&input.code)?;
    limits::check_needed("terminalName", &input.terminal_name, NAME_MAX)?;
    limits::check_needed("managerName", &input.manager_name, NAME_MAX)?;
    connection::check(&input.connection.connection)?;
    let (manager_id, pin_hash) = (StaffId(ids.random()), Some(hash_pin(&input.pin, &*ids)?));
    let (now, connection) = (clock.now(), input.connection.connection);
    let terminal = TerminalBody { name: input.terminal_name, retired: false };
    let manager = StaffBody { name: input.manager_name, role: Role::Manager, pin_hash, retired: false };
    let unit = move |tx: &mut dyn Write| {
        if tx.origin()?.is_some() {
            return Err(AppError::new(ErrorCode::AlreadySetUp));
        }
        let (terminal_id, incarnation) = (TerminalId(ids.random()), IncarnationId(ids.random()));
        tx.put_origin(Origin { facility_id, terminal_id, incarnation })?;
        key.keep(tx)?;
        reference::put(tx, &*ids, now, (ReferenceKind::Terminal, terminal_id.0), &terminal)?;
        reference::put(tx, &*ids, now, (ReferenceKind::Staff, manager_id.0), &manager)?;
        connection::put(tx, &connection)?;
        Ok(tx.put_setting(STAFF_SETTING, &manager_id.to_string())?)
    };
    write(journal, Priority::Command, unit).await?;
    Ok(())
}
