//! Taking part in a facility: the code that carries its id and key to a second terminal, and what is done with it (ADR 0018).

use std::sync::Arc;

use data_encoding::BASE32_NOPAD;
use nosmoke_domain::fact::Origin;
use nosmoke_domain::ids::{FacilityId, IncarnationId, StaffId, TerminalId};
use nosmoke_domain::words::Role;
use uuid::Uuid;

use crate::commands::{STAFF_SETTING, hash_pin};
use crate::connection;
use crate::contract::{AppError, ErrorCode, JoinInput, Named, Pairing};
use crate::limits::{self, NAME_MAX};
use crate::ports::{Clock, Ids, Journal, Priority, RecordKey, ReferenceKind, Topic, Write, read, write};
use crate::records::{self, FacilityBody, StaffBody, TerminalBody};
use crate::sync::{FacilityKey, LogMemory};

const VERSION: u8 = 1;
const CHECK_BYTES: usize = 3;
/// Version, id, key, check.
const BYTES: usize = 1 + 16 + 32 + CHECK_BYTES;
/// Letters of a group, to be read aloud or compared.
const GROUP: usize = 6;

/// A facility's id and key as a code of letters and digits: groups of six, in one case, with a check against mistyping.
pub fn write_code(facility_id: FacilityId, key: &FacilityKey) -> String {
    let mut bytes = vec![VERSION];
    bytes.extend(facility_id.0.as_bytes());
    bytes.extend(key.bytes());
    bytes.extend(check_of(&bytes));
    let text = BASE32_NOPAD.encode(&bytes);
    let groups: Vec<&str> =
        text.as_bytes().chunks(GROUP).map(|it| std::str::from_utf8(it).unwrap_or_default()).collect();
    groups.join("-")
}

/// Reads a code, however it was cased, grouped or broken into lines.
///
/// # Errors
/// `bad_pairing_code`.
pub fn read_code(code: &str) -> Result<(FacilityId, FacilityKey), AppError> {
    let bad = || AppError::new(ErrorCode::BadPairingCode);
    let letters: String =
        code.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
    let bytes = BASE32_NOPAD.decode(letters.as_bytes()).map_err(|_| bad())?;
    let (content, check) = bytes.split_at_checked(BYTES - CHECK_BYTES).ok_or_else(bad)?;
    if content.first() != Some(&VERSION) || check != check_of(content) {
        return Err(bad());
    }
    let id = Uuid::from_slice(content.get(1..17).ok_or_else(bad)?).map_err(|_| bad())?;
    let key: [u8; 32] = content.get(17..).and_then(|key| key.try_into().ok()).ok_or_else(bad)?;
    Ok((FacilityId(id), FacilityKey::from_bytes(key)))
}

fn check_of(content: &[u8]) -> [u8; CHECK_BYTES] {
    let [a, b, c, ..] = *blake3::hash(content).as_bytes();
    [a, b, c]
}

/// Makes the facility key of a folder that was set up before there was one.
///
/// # Errors
/// The store's.
pub async fn ensure_key(journal: &dyn Journal, ids: Arc<dyn Ids>) -> Result<(), AppError> {
    let unit = move |tx: &mut dyn Write| {
        if tx.origin()?.is_some() && FacilityKey::read(tx)?.is_none() {
            FacilityKey::new(&*ids).keep(tx)?;
        }
        Ok(())
    };
    write::<(), AppError>(journal, Priority::Command, unit).await?;
    Ok(())
}

/// What a second terminal needs to take part.
///
/// # Errors
/// `not_set_up`, the store's.
pub async fn pairing(journal: &dyn Journal) -> Result<Pairing, AppError> {
    read(journal, |tx| {
        let not_set_up = || AppError::new(ErrorCode::NotSetUp);
        let id = tx.origin()?.ok_or_else(not_set_up)?.facility_id;
        let key = FacilityKey::read(tx)?.ok_or_else(not_set_up)?;
        let facility = tx.reference(ReferenceKind::Facility, id.0)?;
        let name = facility.as_ref().map(records::body::<FacilityBody>).transpose()?.map(|it| it.name);
        Ok(Pairing { facility: Named { id, name: name.unwrap_or_default() }, code: write_code(id, &key) })
    })
    .await
}

/// Takes the key of another terminal's facility: what it sealed is read again and opens, and what is personal here is sealed
/// with it from now on.
///
/// # Errors
/// `bad_pairing_code`, the store's.
pub async fn accept(journal: &dyn Journal, code: &str) -> Result<(), AppError> {
    let (_, key) = read_code(code)?;
    let unit = move |tx: &mut dyn Write| {
        if FacilityKey::read(tx)?.as_ref() == Some(&key) {
            return Ok(());
        }
        key.keep(tx)?;
        tx.forget_log_positions(&[Topic::Profiles, Topic::Reference])?;
        for staff in tx.references(ReferenceKind::Staff)? {
            tx.mark_record_pending(RecordKey::Reference(ReferenceKind::Staff, staff.id), true)?;
        }
        tx.mark_profiles_pending()?;
        Ok(LogMemory::change(tx, |memory| memory.sealed_records = 0)?)
    };
    write::<(), AppError>(journal, Priority::Command, unit).await?;
    Ok(())
}

/// Sets an empty data folder up as another terminal of a facility: areas, rules and customers come over the link.
///
/// # Errors
/// `already_set_up`, `bad_pairing_code`, `empty`, `too_long`, `invalid_text`, `invalid_pin`, `log_settings`; the store's.
pub async fn join(
    journal: &dyn Journal,
    ids: Arc<dyn Ids>,
    clock: &dyn Clock,
    input: JoinInput,
) -> Result<(), AppError> {
    let (facility_id, key) = read_code(&input.code)?;
    limits::check_needed("terminalName", &input.terminal_name, NAME_MAX)?;
    limits::check_needed("managerName", &input.manager_name, NAME_MAX)?;
    connection::check(&input.connection.connection)?;
    let (manager_id, pin_hash) = (StaffId(ids.random()), Some(hash_pin(&input.pin, &*ids)?));
    let (now, connection) = (clock.now(), input.connection.connection);
    let terminal = TerminalBody { name: input.terminal_name };
    let manager = StaffBody { name: input.manager_name, role: Role::Manager, pin_hash };
    let unit = move |tx: &mut dyn Write| {
        if tx.origin()?.is_some() {
            return Err(AppError::new(ErrorCode::AlreadySetUp));
        }
        let (terminal_id, incarnation) = (TerminalId(ids.random()), IncarnationId(ids.random()));
        tx.put_origin(Origin { facility_id, terminal_id, incarnation })?;
        key.keep(tx)?;
        records::put(tx, &*ids, now, (ReferenceKind::Terminal, terminal_id.0), &terminal)?;
        records::put(tx, &*ids, now, (ReferenceKind::Staff, manager_id.0), &manager)?;
        connection::put(tx, &connection)?;
        Ok(tx.put_setting(STAFF_SETTING, &manager_id.to_string())?)
    };
    write(journal, Priority::Command, unit).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::RandomIds;

    #[test]
    fn a_code_reads_back_however_it_was_typed() {
        let (id, key) = (FacilityId(RandomIds.random()), FacilityKey::new(&RandomIds));
        let code = write_code(id, &key);
        assert!(code.split('-').all(|group| group.len() <= GROUP), "{code}");
        for typed in [code.clone(), code.to_lowercase(), code.replace('-', ""), code.replace('-', "\n ")] {
            assert_eq!(read_code(&typed), Ok((id, key.clone())));
        }
    }

    #[test]
    fn a_mistyped_code_is_refused() {
        let code = write_code(FacilityId(Uuid::nil()), &FacilityKey::from_bytes([7; 32]));
        let other = if code.starts_with('A') { "B" } else { "A" };
        for typed in [&code[1..], &format!("{other}{}", &code[1..]), "", "한글", "AAAAAA"] {
            assert_eq!(read_code(typed).unwrap_err().code, ErrorCode::BadPairingCode, "{typed}");
        }
    }
}
