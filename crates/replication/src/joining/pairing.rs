//! The pairing code, which carries a facility's id and key to another terminal (ADR 0018).

use std::sync::Arc;

use data_encoding::BASE32_NOPAD;
use nosmoke_domain::ids::FacilityId;
use nosmoke_ports::contract::{AppError, Connection, ErrorCode, Invitation, InvitedConnection, Named, Pairing};
use nosmoke_ports::{DocumentKey, Ids, Journal, Priority, ReferenceKind, Topic, Write, read, write};
use nosmoke_reading::names::tag_of;
use nosmoke_reading::reference::{self, FacilityBody};
use uuid::Uuid;

use super::connection;
use crate::{FacilityKey, LogMemory};

/// First byte of a code without connection settings, which is short enough to type.
const SHORT: u8 = 1;
/// First byte of a code that carries connection settings, as JSON after the key.
const WITH_CONNECTION: u8 = 2;
const CHECK_BYTES: usize = 3;
/// First byte, facility id and key.
const HEAD_BYTES: usize = 1 + 16 + 32;
/// Longest code that is decoded; our own codes are never longer.
const MAX_CODE_LENGTH: usize = 8_000;
/// Letters per group, so that a code can be read aloud and compared.
const GROUP_LENGTH: usize = 6;

/// The content of a pairing code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    pub facility_id: FacilityId,
    pub key: FacilityKey,
    pub connection: Option<InvitedConnection>,
}

/// Encodes a facility's id and key, and optionally its connection settings, as upper-case Base32 in groups of six, with
/// a checksum against typing errors.
pub fn write_code(carried: &Carried) -> String {
    let mut bytes = vec![if carried.connection.is_some() { WITH_CONNECTION } else { SHORT }];
    bytes.extend(carried.facility_id.0.as_bytes());
    bytes.extend(carried.key.bytes());
    // Strings and booleans always serialise, so the default is never used.
    bytes.extend(carried.connection.iter().flat_map(|it| serde_json::to_vec(it).unwrap_or_default()));
    bytes.extend(check_of(&bytes));
    let text = BASE32_NOPAD.encode(&bytes);
    let groups: Vec<&str> =
        text.as_bytes().chunks(GROUP_LENGTH).map(|it| std::str::from_utf8(it).unwrap_or_default()).collect();
    groups.join("-")
}

/// Decodes a pairing code; letter case, dashes, spaces and line breaks don't matter.
///
/// # Errors
/// `bad_pairing_code`.
pub fn read_code(code: &str) -> Result<Carried, AppError> {
    let bad = || AppError::new(ErrorCode::BadPairingCode);
    if code.len() > MAX_CODE_LENGTH {
        return Err(bad());
    }
    let letters: String =
        code.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
    let bytes = BASE32_NOPAD.decode(letters.as_bytes()).map_err(|_| bad())?;
    let (content, check) = bytes.split_last_chunk::<CHECK_BYTES>().ok_or_else(bad)?;
    let (head, rest) = content.split_first_chunk::<HEAD_BYTES>().ok_or_else(bad)?;
    if *check != check_of(content) {
        return Err(bad());
    }
    let connection = match head[0] {
        SHORT if rest.is_empty() => None,
        WITH_CONNECTION => Some(serde_json::from_slice(rest).map_err(|_| bad())?),
        _ => return Err(bad()),
    };
    let id = Uuid::from_slice(&head[1..17]).map_err(|_| bad())?;
    let key: [u8; 32] = head[17..].try_into().map_err(|_| bad())?;
    Ok(Carried { facility_id: FacilityId(id), key: FacilityKey::from_bytes(key), connection })
}

/// Decodes a pairing code for display before it is used: without the key.
///
/// # Errors
/// `bad_pairing_code`.
pub fn invitation(code: &str) -> Result<Invitation, AppError> {
    let Carried { facility_id, connection, .. } = read_code(code)?;
    Ok(Invitation { tag: tag_of(facility_id.0), connection })
}

fn check_of(content: &[u8]) -> [u8; CHECK_BYTES] {
    let [a, b, c, ..] = *blake3::hash(content).as_bytes();
    [a, b, c]
}

/// Returns the connection settings that aren't secret; `None` if no cluster is configured.
fn invited(facility: String, connection: Connection) -> Option<InvitedConnection> {
    let Connection { servers, prefix, transport, certificate_file, user, .. } = connection;
    let (with_user, with_certificate) = (!user.is_empty(), !certificate_file.is_empty());
    (!servers.is_empty()).then_some(InvitedConnection {
        facility,
        servers,
        prefix,
        transport,
        with_user,
        with_certificate,
    })
}

/// Generates a facility key if the folder was set up by a version of the program that had none.
///
/// # Errors
/// An error of the store.
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

/// Returns the pairing codes with which another terminal can join this facility.
///
/// # Errors
/// `not_set_up`, or an error of the store.
pub async fn pairing(journal: &dyn Journal) -> Result<Pairing, AppError> {
    read(journal, |tx| {
        let not_set_up = || AppError::new(ErrorCode::NotSetUp);
        let id = tx.origin()?.ok_or_else(not_set_up)?.facility_id;
        let key = FacilityKey::read(tx)?.ok_or_else(not_set_up)?;
        let facility = tx.reference(ReferenceKind::Facility, id.0)?;
        let name = facility.as_ref().map(reference::body::<FacilityBody>).transpose()?.map(|it| it.name);
        let name = name.unwrap_or_default();
        let short = Carried { facility_id: id, key, connection: None };
        let code = write_code(&short);
        let connection = invited(name.clone(), connection::kept(tx)?);
        let code_with_connection =
            connection.map(|connection| write_code(&Carried { connection: Some(connection), ..short }));
        Ok(Pairing { facility: Named { id, name }, code, code_with_connection })
    })
    .await
}

/// Replaces the facility key by the key in another terminal's code. Profiles and reference documents are read from the
/// log again, because they can be decrypted now, and our own are published again, sealed with the new key.
///
/// # Errors
/// `bad_pairing_code`, or an error of the store.
pub async fn accept(journal: &dyn Journal, code: &str) -> Result<(), AppError> {
    accept_key(journal, read_code(code)?.key).await
}

/// Does the same as [`accept`], given the key.
///
/// # Errors
/// An error of the store.
pub async fn accept_key(journal: &dyn Journal, key: FacilityKey) -> Result<(), AppError> {
    let unit = move |tx: &mut dyn Write| {
        if FacilityKey::read(tx)?.as_ref() == Some(&key) {
            return Ok(());
        }
        key.keep(tx)?;
        tx.forget_log_positions(&[Topic::Profiles, Topic::Reference])?;
        for staff in tx.references(ReferenceKind::Staff)? {
            tx.mark_document_pending(DocumentKey::Reference(ReferenceKind::Staff, staff.id), true)?;
        }
        tx.mark_profiles_pending()?;
        Ok(LogMemory::change(tx, |memory| memory.sealed_records = 0)?)
    };
    write::<(), AppError>(journal, Priority::Command, unit).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use nosmoke_ports::RandomIds;
    use nosmoke_ports::contract::Transport;

    fn carried(connection: Option<InvitedConnection>) -> Carried {
        Carried { facility_id: FacilityId(RandomIds.random()), key: FacilityKey::new(&RandomIds), connection }
    }

    fn with_connection() -> Carried {
        let connection = Connection {
            servers: "kafka-1:9093,kafka-2:9093".into(),
            prefix: "hanbit".into(),
            transport: Transport::Tls,
            ca_file: "/secret/ca.pem".into(),
            certificate_file: "/secret/desk.pem".into(),
            key_file: "/secret/desk.key".into(),
            user: "desk-1".into(),
            password_kept: true,
        };
        carried(invited("한빛역 환승센터".into(), connection))
    }

    #[test]
    fn a_code_is_decoded_in_any_case_and_grouping() {
        for carried in [carried(None), with_connection()] {
            let code = write_code(&carried);
            assert!(code.split('-').all(|group| group.len() <= GROUP_LENGTH), "{code}");
            for typed in [code.clone(), code.to_lowercase(), code.replace('-', ""), code.replace('-', "\n ")] {
                assert_eq!(read_code(&typed), Ok(carried.clone()));
            }
        }
    }

    #[test]
    fn the_encoding_of_a_short_code_never_changes() {
        let key = FacilityKey::from_bytes([7; 32]);
        let carried = Carried { facility_id: FacilityId(Uuid::from_u128(0xa1b2)), key, connection: None };
        let code = "AEAAAA-AAAAAA-AAAAAA-AAAAAA-UGZAOB-YHA4DQ-OBYHA4-DQOBYH-A4DQOB-YHA4DQ-OBYHA4-DQOBYH-A4DQOB-577CIA";
        assert_eq!((write_code(&carried).as_str(), read_code(code)), (code, Ok(carried)));
    }

    #[test]
    fn a_code_contains_the_connection_but_none_of_its_secrets() {
        let carried = with_connection();
        let invitation = invitation(&write_code(&carried)).unwrap();
        let connection = invitation.connection.unwrap();
        assert_eq!((connection.facility.as_str(), connection.prefix.as_str()), ("한빛역 환승센터", "hanbit"));
        assert_eq!(
            (connection.transport, connection.with_user, connection.with_certificate),
            (Transport::Tls, true, true)
        );
        let json = serde_json::to_string(&carried.connection).unwrap();
        assert!(!json.contains("secret") && !json.contains("desk-1"), "{json}");
        assert_eq!(invited(String::new(), Connection::default()), None);
    }

    #[test]
    fn a_mistyped_code_is_refused() {
        let key = FacilityKey::from_bytes([7; 32]);
        let code = write_code(&Carried { facility_id: FacilityId(Uuid::nil()), key, connection: None });
        let other = if code.starts_with('A') { "B" } else { "A" };
        let long = write_code(&with_connection());
        let cut = &long[..long.len() - 8];
        let too_long = "A".repeat(MAX_CODE_LENGTH + 1);
        for typed in [&code[1..], &format!("{other}{}", &code[1..]), "", "한글", "AAAAAA", cut, &too_long] {
            assert_eq!(read_code(typed).unwrap_err().code, ErrorCode::BadPairingCode, "{typed}");
        }
    }
}
