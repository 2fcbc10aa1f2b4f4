//! Sets up a terminal that joins an existing facility.

use std::sync::Arc;

use nosmoke_domain::fact::Origin;
use nosmoke_domain::ids::{IncarnationId, TerminalId};
use nosmoke_ports::contract::{AppError, ErrorCode, JoinInput};
use nosmoke_ports::limits::{self, NAME_MAX};
use nosmoke_ports::{Clock, Ids, Journal, Priority, ReferenceKind, Write, write};
use nosmoke_reading::reference::{self, TerminalBody};
use nosmoke_replication::joining::connection;
use nosmoke_replication::joining::pairing::{Carried, read_code};

use crate::people::JOINED_SETTING;

/// Sets up an empty data folder as a further terminal of an existing facility. Areas, rules, staff and
/// customers arrive by replication.
///
/// # Errors
/// `already_set_up`, `bad_pairing_code`, `empty`, `too_long`, `invalid_text`, `log_settings`, or an error of
/// the store.
pub async fn join(
    journal: &dyn Journal,
    ids: Arc<dyn Ids>,
    clock: &dyn Clock,
    input: JoinInput,
) -> Result<(), AppError> {
    let Carried { facility_id, key, .. } = read_code(&input.code)?;
    limits::check_needed("terminalName", &input.terminal_name, NAME_MAX)?;
    connection::check(&input.connection.connection)?;
    let (now, connection) = (clock.now(), input.connection.connection);
    let terminal = TerminalBody { name: input.terminal_name, retired: false };
    let unit = move |tx: &mut dyn Write| {
        if tx.origin()?.is_some() {
            return Err(AppError::new(ErrorCode::AlreadySetUp));
        }
        let (terminal_id, incarnation) = (TerminalId(ids.random()), IncarnationId(ids.random()));
        tx.put_origin(Origin { facility_id, terminal_id, incarnation })?;
        key.keep(tx)?;
        reference::put(tx, &*ids, now, (ReferenceKind::Terminal, terminal_id.0), &terminal)?;
        connection::put(tx, &connection)?;
        Ok(tx.put_setting(JOINED_SETTING, "true")?)
    };
    write(journal, Priority::Command, unit).await?;
    Ok(())
}
