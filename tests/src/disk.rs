//! Counts SQLite's calls to the operating system for each file, makes calls fail that a test has chosen, and remembers
//! what isn't synced, for power cuts.
//!
//! An SQLite VFS of our own opens files through the default VFS and wraps `xRead`, `xWrite`, `xTruncate` and `xSync` of
//! each file. All other calls go straight to the default VFS.

use std::collections::BTreeMap;
use std::ffi::{CStr, c_int, c_void};
use std::path::{Path, PathBuf};
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Once, OnceLock};

use libsqlite3_sys as ffi;
use parking_lot::Mutex;

mod faults;
mod power;

use faults::fault;
pub use faults::{Fails, Fault, fail};
pub use power::{Power, watch};

/// The name of the store's thread that moves the write-ahead log into the journal.
const MOVER: &str = "journal mover";

/// Counts the calls for one file, by all database connections of this process.
#[derive(Debug, Default)]
pub struct Calls {
    file: PathBuf,
    syncs: AtomicU64,
    syncs_beside: AtomicU64,
    reads: AtomicU64,
}

impl Calls {
    /// Counts the syncs of the file that a command waits for.
    pub fn syncs(&self) -> u64 {
        self.syncs.load(Ordering::SeqCst)
    }

    /// Counts the syncs by the thread that moves the write-ahead log into the journal; no command waits for them.
    pub fn syncs_beside(&self) -> u64 {
        self.syncs_beside.load(Ordering::SeqCst)
    }

    /// Counts the reads from the file; most read one page.
    pub fn reads(&self) -> u64 {
        self.reads.load(Ordering::SeqCst)
    }
}

/// Installs the counting VFS for all files that SQLite opens from now on.
///
/// # Panics
/// When SQLite refuses the VFS.
pub fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // SAFETY: null asks for the default VFS; SQLite initialises itself and serialises these calls.
        let beneath = unsafe { ffi::sqlite3_vfs_find(ptr::null()) };
        assert!(!beneath.is_null(), "SQLite has a default VFS");
        // SAFETY: a VFS is valid while it is registered, and nobody unregisters the default one.
        let mut vfs = unsafe { *beneath };
        let size = usize::try_from(vfs.szOsFile).expect("a size");
        let tail = size.next_multiple_of(align_of::<Tail>());
        vfs.szOsFile = c_int::try_from(tail + size_of::<Tail>()).expect("a small size");
        vfs.zName = c"counting".as_ptr();
        vfs.pNext = ptr::null_mut();
        let open = vfs.xOpen.replace(open).expect("a VFS opens files");
        assert!(BENEATH.set(Beneath { vfs: beneath, open, tail }).is_ok());
        // SAFETY: the VFS is leaked, so it stays valid; our functions keep the contract of those that they replace.
        let code = unsafe { ffi::sqlite3_vfs_register(Box::leak(Box::new(vfs)), 1) };
        assert_eq!(code, ffi::SQLITE_OK);
    });
}

/// Returns the counters of a file, which count since [`install`]. The file's folder must exist.
pub fn calls(file: &Path) -> &'static Calls {
    static FILES: LazyLock<Mutex<BTreeMap<PathBuf, &'static Calls>>> = LazyLock::new(Mutex::default);
    let mut files = FILES.lock();
    let file = whole(file);
    let calls = || -> &'static Calls { Box::leak(Box::new(Calls { file: file.clone(), ..Calls::default() })) };
    files.entry(file.clone()).or_insert_with(calls)
}

/// Canonicalises the folder's path, so that a file has the same counters under each path.
fn whole(file: &Path) -> PathBuf {
    let folder = file.parent().and_then(|folder| folder.canonicalize().ok());
    folder.zip(file.file_name()).map_or_else(|| file.to_owned(), |(folder, name)| folder.join(name))
}

type Open = unsafe extern "C" fn(
    *mut ffi::sqlite3_vfs,
    ffi::sqlite3_filename,
    *mut ffi::sqlite3_file,
    c_int,
    *mut c_int,
) -> c_int;

/// The default VFS, which ours delegates to.
struct Beneath {
    vfs: *mut ffi::sqlite3_vfs,
    open: Open,
    /// The offset of our [`Tail`] in a file's memory: behind the data of the default VFS.
    tail: usize,
}

// SAFETY: SQLite itself uses a VFS from every thread.
unsafe impl Send for Beneath {}
// SAFETY: as above; and no field changes.
unsafe impl Sync for Beneath {}

static BENEATH: OnceLock<Beneath> = OnceLock::new();

/// Our data for an open file, stored behind the data of the default VFS.
#[derive(Clone, Copy)]
struct Tail {
    calls: &'static Calls,
    methods: &'static ffi::sqlite3_io_methods,
}

/// # Safety
/// The caller must keep SQLite's contract of `xOpen`: `file` has room for `szOsFile` bytes, aligned to 8.
unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    let Some(beneath) = BENEATH.get() else { return ffi::SQLITE_ERROR };
    // SAFETY: passes SQLite's arguments on to the default VFS.
    let code = unsafe { (beneath.open)(beneath.vfs, name, file, flags, out_flags) };
    // SAFETY: an opened file has methods, which are static in every VFS that comes with SQLite.
    let Some(methods) = (unsafe { (*file).pMethods.as_ref() }).filter(|_| code == ffi::SQLITE_OK) else { return code };
    let path = if name.is_null() {
        PathBuf::new() // A temporary file has no name.
    } else {
        // SAFETY: SQLite's names end with NUL and live as long as the file.
        PathBuf::from(unsafe { CStr::from_ptr(name) }.to_string_lossy().into_owned())
    };
    // SAFETY: `szOsFile` includes room for a tail at this offset, and nobody else writes there.
    unsafe { file.byte_add(beneath.tail).cast::<Tail>().write(Tail { calls: calls(&path), methods }) };
    // SAFETY: nobody else uses the file until this function returns; the methods are never freed.
    unsafe { (*file).pMethods = counted(methods) };
    code
}

/// Returns a copy of a file's methods in which ours replace some. Each set of methods is copied once.
fn counted(methods: &'static ffi::sqlite3_io_methods) -> &'static ffi::sqlite3_io_methods {
    static COPIES: Mutex<BTreeMap<usize, &'static ffi::sqlite3_io_methods>> = Mutex::new(BTreeMap::new());
    let mut copies = COPIES.lock();
    copies.entry(ptr::from_ref(methods).addr()).or_insert_with(|| {
        Box::leak(Box::new(ffi::sqlite3_io_methods {
            xRead: Some(read),
            xWrite: Some(write),
            xTruncate: Some(truncate),
            xSync: Some(sync),
            ..*methods
        }))
    })
}

/// # Safety
/// `file` must have been opened by [`open`].
unsafe fn tail(file: *mut ffi::sqlite3_file) -> Option<Tail> {
    // SAFETY: `open` has written the tail, as the caller guarantees.
    BENEATH.get().map(|beneath| unsafe { file.byte_add(beneath.tail).cast::<Tail>().read() })
}

/// # Safety
/// The caller must keep SQLite's contract of `xSync`, for a file that [`open`] opened.
unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    // SAFETY: `open` opened the file, as the caller guarantees.
    let Some(Tail { calls, methods }) = (unsafe { tail(file) }) else { return ffi::SQLITE_IOERR_FSYNC };
    let is_beside = std::thread::current().name() == Some(MOVER);
    let syncs = if is_beside { &calls.syncs_beside } else { &calls.syncs };
    syncs.fetch_add(1, Ordering::SeqCst);
    if let Some(code) = fault(calls, false, ffi::SQLITE_IOERR_FSYNC) {
        return code;
    }
    // SAFETY: passes the caller's arguments on to the method that ours replaced.
    let code = methods.xSync.map_or(ffi::SQLITE_OK, |sync| unsafe { sync(file, flags) });
    if code == ffi::SQLITE_OK {
        power::synced(calls);
    }
    code
}

/// Reads this many bytes of a file; zeros behind its end.
///
/// # Safety
/// `file` must have been opened by [`open`].
unsafe fn bytes_at(file: *mut ffi::sqlite3_file, methods: &ffi::sqlite3_io_methods, at: i64, count: usize) -> Vec<u8> {
    let mut bytes = vec![0_u8; count];
    if let (Some(read), Ok(count)) = (methods.xRead, c_int::try_from(count)) {
        // SAFETY: the buffer has room for `count` bytes. Behind the end of the file SQLite's VFS fills it with zeros.
        unsafe { read(file, bytes.as_mut_ptr().cast(), count, at) };
    }
    bytes
}

/// # Safety
/// The caller must keep SQLite's contract of `xRead`, for a file that [`open`] opened.
unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    to: *mut c_void,
    bytes: c_int,
    from: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: `open` opened the file, as the caller guarantees.
    let Some(Tail { calls, methods }) = (unsafe { tail(file) }) else { return ffi::SQLITE_IOERR_READ };
    calls.reads.fetch_add(1, Ordering::SeqCst);
    if let Some(code) = fault(calls, true, ffi::SQLITE_IOERR_READ) {
        return code;
    }
    // SAFETY: passes the caller's arguments on to the method that ours replaced.
    methods.xRead.map_or(ffi::SQLITE_IOERR_READ, |read| unsafe { read(file, to, bytes, from) })
}

/// # Safety
/// The caller must keep SQLite's contract of `xWrite`, for a file that [`open`] opened.
unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    from: *const c_void,
    bytes: c_int,
    to: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: `open` opened the file, as the caller guarantees.
    let Some(Tail { calls, methods }) = (unsafe { tail(file) }) else { return ffi::SQLITE_IOERR_WRITE };
    if let Some(code) = fault(calls, false, ffi::SQLITE_IOERR_WRITE) {
        return code;
    }
    power::unsynced(calls, u64::try_from(to).unwrap_or_default(), || {
        // SAFETY: `open` opened the file, as the caller guarantees.
        unsafe { bytes_at(file, methods, to, usize::try_from(bytes).unwrap_or_default()) }
    });
    // SAFETY: passes the caller's arguments on to the method that ours replaced.
    methods.xWrite.map_or(ffi::SQLITE_IOERR_WRITE, |write| unsafe { write(file, from, bytes, to) })
}

/// # Safety
/// The caller must keep SQLite's contract of `xTruncate`, for a file that [`open`] opened.
unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: ffi::sqlite3_int64) -> c_int {
    // SAFETY: `open` opened the file, as the caller guarantees.
    let Some(Tail { calls, methods }) = (unsafe { tail(file) }) else { return ffi::SQLITE_IOERR_TRUNCATE };
    if let Some(code) = fault(calls, false, ffi::SQLITE_IOERR_TRUNCATE) {
        return code;
    }
    power::unsynced(calls, u64::try_from(size).unwrap_or_default(), || {
        let mut end = 0;
        // SAFETY: `open` opened the file, as the caller guarantees.
        let _ = methods.xFileSize.map_or(ffi::SQLITE_OK, |file_size| unsafe { file_size(file, &raw mut end) });
        let count = usize::try_from(end - size).unwrap_or_default();
        // SAFETY: as above.
        unsafe { bytes_at(file, methods, size, count) }
    });
    // SAFETY: passes the caller's arguments on to the method that ours replaced.
    methods.xTruncate.map_or(ffi::SQLITE_IOERR_TRUNCATE, |truncate| unsafe { truncate(file, size) })
}
