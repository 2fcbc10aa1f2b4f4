//! Locks a backup's journal with a passphrase, in age's file format, which the program `age` opens too (ADR 0032).

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use age::secrecy::SecretString;
use age::{DecryptError, Decryptor, Encryptor, scrypt};
use nosmoke_ports::StoreError;

use super::BackupError;
use super::files::{COPY_BLOCK_BYTES, Source, on_a_thread, open_source, unreadable, unwritable};
use super::progress::Progress;

/// The work of a guess: scrypt with N = 2^17, 128 MiB of memory, as OWASP recommends.
const WORK_FACTOR_LOG2: u8 = 17;
/// Most work that a backup may ask for to be opened: 1 GiB of memory.
const WORK_FACTOR_LOG2_MAX: u8 = 20;

/// A passphrase that isn't empty. It is never shown in debug output.
#[derive(Clone)]
pub struct Passphrase(SecretString);

impl Passphrase {
    /// Line ends at the end don't count: a file of one line has one. `None` if nothing else is left.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim_end_matches(['\r', '\n']);
        (!text.is_empty()).then(|| Self(text.to_owned().into()))
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase(..)")
    }
}

/// Writes a file locked, and returns the BLAKE3 hash (64 hexadecimal digits) and the length of what was written.
pub(super) async fn lock(
    source: PathBuf,
    (to, target): (File, PathBuf),
    passphrase: Passphrase,
    progress: Arc<Progress>,
) -> Result<(String, u64), BackupError> {
    on_a_thread(move || {
        let failed = |error: io::Error| unwritable(&target, &error);
        let mut from = open_source(&source)?;
        let mut recipient = scrypt::Recipient::new(passphrase.0);
        recipient.set_work_factor(WORK_FACTOR_LOG2);
        let encryptor = Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
            .map_err(|error| StoreError::Failed(error.to_string()))?;
        let mut locked = encryptor.wrap_output(Hashing::new(to)).map_err(failed)?;
        let (mut block, mut bytes) = (vec![0; COPY_BLOCK_BYTES], 0);
        loop {
            let read = from.read(&mut block).map_err(|error| unreadable(&source, &error))?;
            let part = block.get(..read).unwrap_or_default();
            if part.is_empty() {
                break;
            }
            locked.write_all(part).map_err(failed)?;
            bytes += part.len() as u64;
            if !progress.report(bytes) {
                return Err(BackupError::Cancelled);
            }
        }
        let Hashing { file, hasher, bytes } = locked.finish().map_err(failed)?;
        file.sync_all().map_err(failed)?;
        Ok((hasher.finalize().to_hex().to_string(), bytes))
    })
    .await
}

/// Opens a locked file into `target`, at most as many bytes as the source may have.
///
/// # Errors
/// `WrongPassphrase`; `Damaged` if it isn't as it was written; `Cancelled`, `Unreadable`, `Unwritable`, `DiskFull`.
pub(super) async fn unlock(
    source: Source,
    (mut to, target): (File, PathBuf),
    passphrase: Passphrase,
    progress: Arc<Progress>,
) -> Result<(), BackupError> {
    on_a_thread(move || {
        let Source { path, bytes_max } = source;
        let damaged = |detail: String| BackupError::Damaged { path: path.clone(), detail };
        let file = open_source(&path)?;
        if file.metadata().is_ok_and(|found| found.len() != bytes_max) {
            return Err(damaged("it doesn't have the length that its manifest says".into()));
        }
        let refused = |error: DecryptError| match error {
            DecryptError::NoMatchingKeys | DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => {
                BackupError::WrongPassphrase { path: path.clone() }
            }
            DecryptError::Io(error) => of_reading(&path, &error),
            other => damaged(other.to_string()),
        };
        let decryptor = Decryptor::new_buffered(BufReader::new(file.take(bytes_max))).map_err(refused)?;
        if !decryptor.is_scrypt() {
            return Err(damaged("it isn't locked with a passphrase".into()));
        }
        let mut identity = scrypt::Identity::new(passphrase.0);
        identity.set_max_work_factor(WORK_FACTOR_LOG2_MAX);
        let mut opened = decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity)).map_err(refused)?;
        let (mut block, mut bytes) = (vec![0; COPY_BLOCK_BYTES], 0);
        loop {
            let read = opened.read(&mut block).map_err(|error| of_reading(&path, &error))?;
            let part = block.get(..read).unwrap_or_default();
            if part.is_empty() {
                break;
            }
            to.write_all(part).map_err(|error| unwritable(&target, &error))?;
            bytes += part.len() as u64;
            if !progress.report(bytes) {
                return Err(BackupError::Cancelled);
            }
        }
        to.sync_all().map_err(|error| unwritable(&target, &error))
    })
    .await
}

/// Returns `Damaged` if the kind of the error says that the file was changed or cut, else `Unreadable`.
fn of_reading(path: &Path, error: &io::Error) -> BackupError {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::Other => {
            BackupError::Damaged { path: path.to_owned(), detail: error.to_string() }
        }
        _ => unreadable(path, error),
    }
}

/// Hashes and counts what is written to a file.
struct Hashing {
    file: File,
    hasher: blake3::Hasher,
    bytes: u64,
}

impl Hashing {
    fn new(file: File) -> Self {
        Self { file, hasher: blake3::Hasher::new(), bytes: 0 }
    }
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(bytes.get(..written).unwrap_or_default());
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
