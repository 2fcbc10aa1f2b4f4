//! The pairing code, which carries a facility's id and key to another terminal (ADR 0018).

use std::cmp::Ordering;
use std::sync::Arc;

use data_encoding::BASE32_NOPAD;
use nosmoke_domain::ids::FacilityId;
use nosmoke_ports::contract::{AppError, Connection, ErrorCode, Invitation, InvitedConnection, Named, Pairing};
use nosmoke_ports::{Ids, Journal, Priority, ReferenceKind, Write, read, write};
use nosmoke_reading::names::tag_of;
use nosmoke_reading::reference::{self, FacilityBody};
use serde_json::json;
use uuid::Uuid;

use super::connection;
use crate::{FacilityKey, KeyNumber};

/// First byte of a code without connection settings, which is short enough to type.
const SHORT: u8 = 1;
/// First byte of a code that carries connection settings, as JSON after the key.
const WITH_CONNECTION: u8 = 2;
/// Added to the first byte in codes of a key after the first, which carry its number after the key.
const NUMBERED: u8 = 2;
const NUMBER_BYTES: usize = 4;
/// Digits of a key alone, which names no facility.
const KEY_DIGITS: usize = 64;
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
/// a checksum against typing errors. The code of a first key has the form that it always had.
pub fn write_code(carried: &Carried) -> String {
    let KeyNumber(number) = carried.key.number();
    let numbered = (carried.key.number() != KeyNumber::FIRST).then(|| number.to_be_bytes());
    let form = if carried.connection.is_some() { WITH_CONNECTION } else { SHORT };
    let mut bytes = vec![form + if numbered.is_some() { NUMBERED } else { 0 }];
    bytes.extend(carried.facility_id.0.as_bytes());
    bytes.extend(carried.key.bytes());
    bytes.extend(numbered.into_iter().flatten());
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
/// `bad_pairing_code`; `key_without_facility` for the digits of a key alone.
pub fn read_code(code: &str) -> Result<Carried, AppError> {
    let bad = || AppError::new(ErrorCode::BadPairingCode);
    if code.len() > MAX_CODE_LENGTH {
        return Err(bad());
    }
    let letters: String =
        code.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
    if letters.len() == KEY_DIGITS && letters.bytes().all(|it| it.is_ascii_hexdigit()) {
        return Err(AppError::new(ErrorCode::KeyWithoutFacility));
    }
    let bytes = BASE32_NOPAD.decode(letters.as_bytes()).map_err(|_| bad())?;
    let (content, check) = bytes.split_last_chunk::<CHECK_BYTES>().ok_or_else(bad)?;
    let (head, rest) = content.split_first_chunk::<HEAD_BYTES>().ok_or_else(bad)?;
    if *check != check_of(content) {
        return Err(bad());
    }
    let (form, number, rest) = match head[0] {
        form @ (SHORT | WITH_CONNECTION) => (form, KeyNumber::FIRST, rest),
        form => {
            let (number, rest) = rest.split_first_chunk::<NUMBER_BYTES>().ok_or_else(bad)?;
            let number = KeyNumber(u32::from_be_bytes(*number));
            // The first key has one code only.
            if number <= KeyNumber::FIRST {
                return Err(bad());
            }
            (form.checked_sub(NUMBERED).ok_or_else(bad)?, number, rest)
        }
    };
    let connection = match form {
        SHORT if rest.is_empty() => None,
        WITH_CONNECTION => Some(serde_json::from_slice(rest).map_err(|_| bad())?),
        _ => return Err(bad()),
    };
    let id = Uuid::from_slice(&head[1..17]).map_err(|_| bad())?;
    let secret: [u8; 32] = head[17..].try_into().map_err(|_| bad())?;
    Ok(Carried { facility_id: FacilityId(id), key: FacilityKey::from_parts(secret, number), connection })
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

/// Generates a facility key if the folder was set up by a version of the program that had none. A folder that was
/// restored on another PC gets none by itself: somebody has the pairing code, or asks for a new key.
///
/// # Errors
/// An error of the store.
pub async fn ensure_key(journal: &dyn Journal, ids: Arc<dyn Ids>) -> Result<(), AppError> {
    let unit = move |tx: &mut dyn Write| {
        if tx.origin()?.is_some() && FacilityKey::known_number(tx)?.is_none() {
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
/// `not_set_up`, `no_facility_key`, or an error of the store.
pub async fn pairing(journal: &dyn Journal) -> Result<Pairing, AppError> {
    read(journal, |tx| {
        let not_set_up = || AppError::new(ErrorCode::NotSetUp);
        let id = tx.origin()?.ok_or_else(not_set_up)?.facility_id;
        let key = FacilityKey::read(tx)?.ok_or_else(|| AppError::new(ErrorCode::NoFacilityKey))?;
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

/// What became of a facility key that was offered to a folder which is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// The folder has it already.
    Known,
    /// It is newer than the folder's, and is the folder's now.
    Taken,
    /// The folder has a newer one, and keeps it.
    Outdated,
}

/// The folder's own key, and the number of the newest that it has known. It has none after a restore on another PC.
#[derive(Clone, Copy)]
struct Kept<'k> {
    facility_id: FacilityId,
    key: Option<&'k FacilityKey>,
    known_number: Option<KeyNumber>,
}

/// Judges an offered key, without I/O. A terminal takes part in one facility, and keys are only ever replaced by newer
/// ones: a code that lies around can't take a terminal back to a key that was lost or stolen.
fn judge(kept: Kept<'_>, offered: &Carried) -> Result<Offer, AppError> {
    if offered.facility_id != kept.facility_id {
        return Err(AppError::new(ErrorCode::OtherFacility));
    }
    let number = offered.key.number();
    let Some(key) = kept.key else {
        let is_outdated = kept.known_number.is_some_and(|known| number < known);
        return Ok(if is_outdated { Offer::Outdated } else { Offer::Taken });
    };
    match number.cmp(&key.number()) {
        Ordering::Less => Ok(Offer::Outdated),
        Ordering::Greater => Ok(Offer::Taken),
        Ordering::Equal if offered.key == *key => Ok(Offer::Known),
        Ordering::Equal => Err(AppError::with(ErrorCode::OtherKey, json!({ "number": key.number().0 }))),
    }
}

/// Makes a new key for this folder's facility, after a theft or a loss, or where a restored folder has none. It is carried to the other terminals by hand, as
/// the first one was; until then they exchange nothing with this one. The next connection reads and publishes everything
/// again under it.
///
/// # Errors
/// `not_set_up`, or an error of the store.
pub async fn renew(journal: &dyn Journal, ids: Arc<dyn Ids>) -> Result<(), AppError> {
    let unit = move |tx: &mut dyn Write| {
        if tx.origin()?.is_none() {
            return Err(AppError::new(ErrorCode::NotSetUp));
        }
        let next = FacilityKey::following(tx, &*ids)?.ok_or_else(|| AppError::new(ErrorCode::OutdatedKey))?;
        Ok(next.keep(tx)?)
    };
    write::<(), AppError>(journal, Priority::Command, unit).await?;
    Ok(())
}

/// Offers the key in another terminal's code to this folder. If it is taken, the next connection reads and publishes
/// everything again under it.
///
/// # Errors
/// `bad_pairing_code`, `key_without_facility`, `other_facility`, `outdated_key`, `other_key`, or an error of the store.
pub async fn accept(journal: &dyn Journal, code: &str) -> Result<(), AppError> {
    match offer(journal, read_code(code)?).await? {
        Offer::Known | Offer::Taken => Ok(()),
        Offer::Outdated => Err(AppError::new(ErrorCode::OutdatedKey)),
    }
}

/// Does the same as [`accept`], given the content of a code; a key that is outdated is no error here.
///
/// # Errors
/// `other_facility`, `other_key`, or an error of the store.
pub async fn offer(journal: &dyn Journal, offered: Carried) -> Result<Offer, AppError> {
    let unit = move |tx: &mut dyn Write| {
        let origin = tx.origin()?.ok_or_else(|| AppError::new(ErrorCode::NotSetUp))?;
        let (key, known_number) = (FacilityKey::read(tx)?, FacilityKey::known_number(tx)?);
        let kept = Kept { facility_id: origin.facility_id, key: key.as_ref(), known_number };
        let judged = judge(kept, &offered)?;
        if judged == Offer::Taken {
            offered.key.keep(tx)?;
        }
        Ok(judged)
    };
    Ok(write::<_, AppError>(journal, Priority::Command, unit).await?.0)
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
            ..Connection::default()
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
        let key = FacilityKey::from_parts([7; 32], KeyNumber::FIRST);
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
    fn a_code_carries_the_number_of_a_later_key() {
        for connection in [None, with_connection().connection] {
            let key = FacilityKey::from_parts([7; 32], KeyNumber(300));
            let carried = Carried { key, ..carried(connection) };
            assert_eq!(read_code(&write_code(&carried)), Ok(carried));
        }
        // A code that names the first key by a number was made by no program of ours.
        let mut bytes = vec![SHORT + NUMBERED];
        bytes.extend([0; 48]);
        bytes.extend([0, 0, 0, 1]);
        bytes.extend(check_of(&bytes));
        assert_eq!(read_code(&BASE32_NOPAD.encode(&bytes)).unwrap_err().code, ErrorCode::BadPairingCode);
    }

    #[test]
    fn the_digits_of_a_key_alone_name_no_facility() {
        for digits in ["ab".repeat(32), "AB".repeat(32), format!(" {}\n", "0f".repeat(32))] {
            assert_eq!(read_code(&digits).unwrap_err().code, ErrorCode::KeyWithoutFacility, "{digits}");
        }
    }

    #[test]
    fn only_a_newer_key_of_the_same_facility_is_taken() {
        let facility = FacilityId(Uuid::from_u128(1));
        let numbered = |secret: u8, number: u32| FacilityKey::from_parts([secret; 32], KeyNumber(number));
        let offered = |facility_id, key| Carried { facility_id, key, connection: None };
        let here = numbered(1, 2);
        let kept = Kept { facility_id: facility, key: Some(&here), known_number: Some(KeyNumber(2)) };
        let judged = |carried: &Carried| judge(kept, carried).map_err(|error| error.code);
        assert_eq!(judged(&offered(facility, here.clone())), Ok(Offer::Known));
        assert_eq!(judged(&offered(facility, numbered(2, 3))), Ok(Offer::Taken));
        assert_eq!(judged(&offered(facility, numbered(2, 1))), Ok(Offer::Outdated));
        assert_eq!(judged(&offered(facility, numbered(2, 2))), Err(ErrorCode::OtherKey));
        let other = offered(FacilityId(Uuid::from_u128(2)), numbered(2, 9));
        assert_eq!(judged(&other), Err(ErrorCode::OtherFacility));
        // After a restore on another PC there is no key: the one that was backed up, or a newer one, is taken.
        let restored = Kept { key: None, ..kept };
        assert_eq!(judge(restored, &offered(facility, numbered(1, 1))), Ok(Offer::Outdated));
        assert_eq!(judge(restored, &offered(facility, numbered(9, 2))), Ok(Offer::Taken));
        assert_eq!(
            judge(Kept { known_number: None, ..restored }, &offered(facility, numbered(1, 1))),
            Ok(Offer::Taken)
        );
    }

    #[test]
    fn a_mistyped_code_is_refused() {
        let key = FacilityKey::from_parts([7; 32], KeyNumber::FIRST);
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
