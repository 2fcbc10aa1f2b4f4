//! Keeps filled folders beside the program, under `target`, so that a bench fills each once.

use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nosmoke_composition::free_bytes;
use nosmoke_domain::fact::Hash;
use tempfile::TempDir;

use super::base::set_up;
use super::fill::fill;
use super::setting::Size;
use super::tables::tables;

/// Free space needed for each fact: a third more than it takes, for sorting the indexes.
const BYTES_PER_FACT: u64 = 2_000;
/// Facts of the folder whose content tells whether a kept one is still what would be made.
const SAMPLE: u64 = 1_000;
/// A folder that was left half filled by a killed process.
const ABANDONED: Duration = Duration::from_hours(2);
const FILLING: &str = "filling-";

/// A filled folder. It must not be opened itself: a program that opens a folder writes to it.
#[derive(Debug)]
pub struct Kept(PathBuf);

/// There is too little space on the disk.
#[derive(Debug)]
pub struct NotKept {
    needed: u64,
    free: u64,
}

impl fmt::Display for NotKept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gb = |bytes: u64| bytes.div_ceil(1_000_000_000);
        write!(
            f,
            "the folder needs {} GB of free space beside the program; there are {}",
            gb(self.needed),
            gb(self.free)
        )
    }
}

/// Reads a number of facts such as `500000`, `500k` or `10m`.
pub fn size_of(text: &str) -> Option<Size> {
    let (digits, times) = match text.strip_suffix(['k', 'm']) {
        Some(digits) if text.ends_with('k') => (digits, 1_000),
        Some(digits) => (digits, 1_000_000),
        None => (text, 1),
    };
    let facts = digits.parse::<u64>().ok()?.checked_mul(times).filter(|facts| *facts > 0)?;
    Some(Size { facts, ..Size::DEFAULT })
}

/// Returns the kept folder of this size; fills it first if there is none, or if today's program would make another one.
///
/// # Errors
/// `NotKept` if the disk has too little space to fill it.
///
/// # Panics
/// When a file can't be written.
pub async fn kept(size: Size) -> Result<Kept, NotKept> {
    let program = std::env::current_exe().expect("this program is a file");
    let all = program.parent().expect("it lies in a folder").join("big");
    fs::create_dir_all(&all).expect("target can be written");
    remove_abandoned(&all);
    let made = TempDir::with_prefix_in(FILLING, &all).expect("target can be written");
    let setting = set_up(made.path(), size.seed).await;
    let sample = TempDir::with_prefix_in(FILLING, &all).expect("target can be written");
    copy_files(made.path(), sample.path()).expect("target can be written");
    fill(sample.path(), &setting, Size { facts: SAMPLE, ..size }).await;
    let name = format!("{}-{}", size.seed, size.facts);
    let folder = all.join(format!("{name}-{}", fingerprint(sample.path())));
    if folder.exists() {
        return Ok(Kept(folder));
    }
    remove_others(&all, &format!("{name}-"));
    expect_space(&all, size.facts * BYTES_PER_FACT)?;
    fill(made.path(), &setting, size).await;
    // Otherwise the system would write them while something is measured.
    sync(made.path());
    fs::rename(made.keep(), &folder).expect("target can be written");
    Ok(Kept(folder))
}

impl Kept {
    /// Copies the folder to a temporary one beside it. File systems that share blocks between files (btrfs, XFS) copy
    /// nothing; never by hard links, because SQLite changes files in place.
    ///
    /// # Errors
    /// `NotKept` if the disk has too little space.
    ///
    /// # Panics
    /// When a file can't be written.
    pub fn copied(&self) -> Result<TempDir, NotKept> {
        let all = self.0.parent().expect("it lies in a folder");
        let bytes = files(&self.0).iter().map(|file| fs::metadata(file).map_or(0, |it| it.len())).sum();
        expect_space(all, bytes)?;
        let copy = TempDir::with_prefix_in(FILLING, all).expect("target can be written");
        copy_files(&self.0, copy.path()).expect("target can be written");
        sync(copy.path());
        Ok(copy)
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a folder").path());
    entries.filter(|path| path.is_file()).collect()
}

fn sync(folder: &Path) {
    files(folder).iter().for_each(|file| File::open(file).and_then(|it| it.sync_all()).expect("a written file"));
}

fn copy_files(from: &Path, to: &Path) -> io::Result<()> {
    files(from).iter().try_for_each(|file| fs::copy(file, to.join(file.file_name().unwrap_or_default())).map(drop))
}

/// The content of a folder, but for what is random in each: the keys and secrets in settings and documents.
fn fingerprint(folder: &Path) -> String {
    let mut content = Vec::new();
    for file in ["journal.db", "mypage.db"] {
        for (table, rows) in tables(&folder.join(file)) {
            if !["setting", "reference", "source", "_sqlx_migrations"].contains(&table.as_str()) {
                content.extend(rows.join("\n").into_bytes());
            }
        }
    }
    Hash::of(&content).to_string()[..16].to_owned()
}

fn expect_space(folder: &Path, needed: u64) -> Result<(), NotKept> {
    let free = free_bytes(folder).unwrap_or(u64::MAX);
    if free < needed { Err(NotKept { needed, free }) } else { Ok(()) }
}

/// Removes folders that an earlier program filled.
fn remove_others(all: &Path, prefix: &str) {
    remove(all, |name, _| name.starts_with(prefix));
}

fn remove_abandoned(all: &Path) {
    let is_old = |path: &Path| {
        let changed = fs::metadata(path).and_then(|it| it.modified()).ok();
        changed.and_then(|at| at.elapsed().ok()).is_some_and(|age| age > ABANDONED)
    };
    remove(all, |name, path| name.starts_with(FILLING) && is_old(path));
}

fn remove(all: &Path, is_meant: impl Fn(&str, &Path) -> bool) {
    for entry in fs::read_dir(all).into_iter().flatten().flatten() {
        if is_meant(&entry.file_name().to_string_lossy(), &entry.path()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
