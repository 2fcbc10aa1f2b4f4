//! Counts what SQLite asks of the operating system, file by file, and has it fail where a test wants that.
//!
//! A VFS of our own opens files through the default one and puts its own `xRead`, `xWrite`, `xTruncate` and `xSync` before the
//! file's: every other call goes where it went.

use std::collections::BTreeMap;
use std::ffi::{CStr, c_int, c_void};
use std::path::{Path, PathBuf};
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, Once, OnceLock, PoisonError};

use libsqlite3_sys as ffi;

mod faults;

use faults::fault;
pub use faults::{Fails, Fault, fail};

/// What the store calls the thread that moves the write-ahead log.
const MOVER: &str = "journal mover";

/// Calls for one file, by every connection of this process.
#[derive(Debug, Default)]
pub struct Calls {
    file: PathBuf,
    syncs: AtomicU64,
    syncs_beside: AtomicU64,
    reads: AtomicU64,
}

impl Calls {
    /// How often the file was to be written through to the disk while somebody waited.
    pub fn syncs(&self) -> u64 {
        self.syncs.load(Ordering::SeqCst)
    }

    /// How often by the thread that moves the write-ahead log, for which nobody waits.
    pub fn syncs_beside(&self) -> u64 {
        self.syncs_beside.load(Ordering::SeqCst)
    }

    /// How often something was read from the file: mostly a page.
    pub fn reads(&self) -> u64 {
        self.reads.load(Ordering::SeqCst)
    }
}

/// Counts for the files that SQLite opens from now on.
///
/// # Panics
/// When SQLite takes no VFS.
pub fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // SAFETY: no argument but null, which asks for the default; SQLite begins by itself and serialises this.
        let beneath = unsafe { ffi::sqlite3_vfs_find(ptr::null()) };
        assert!(!beneath.is_null(), "SQLite has a default VFS");
        // SAFETY: a registered VFS is valid for as long as it is registered, and the default is never taken back.
        let mut vfs = unsafe { *beneath };
        let size = usize::try_from(vfs.szOsFile).expect("a size");
        let tail = size.next_multiple_of(align_of::<Tail>());
        vfs.szOsFile = c_int::try_from(tail + size_of::<Tail>()).expect("a small size");
        vfs.zName = c"counting".as_ptr();
        vfs.pNext = ptr::null_mut();
        let open = vfs.xOpen.replace(open).expect("a VFS opens files");
        assert!(BENEATH.set(Beneath { vfs: beneath, open, tail }).is_ok());
        // SAFETY: leaked, so that it stays valid; its functions keep the contract of those that they replace.
        let code = unsafe { ffi::sqlite3_vfs_register(Box::leak(Box::new(vfs)), 1) };
        assert_eq!(code, ffi::SQLITE_OK);
    });
}

/// The calls for a file of a folder that exists, since [`install`].
pub fn calls(file: &Path) -> &'static Calls {
    static FILES: LazyLock<Mutex<BTreeMap<PathBuf, &'static Calls>>> = LazyLock::new(Mutex::default);
    let mut files = FILES.lock().unwrap_or_else(PoisonError::into_inner);
    let file = whole(file);
    let calls = || -> &'static Calls { Box::leak(Box::new(Calls { file: file.clone(), ..Calls::default() })) };
    files.entry(file.clone()).or_insert_with(calls)
}

/// One name for a file, however its folder is written.
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

/// The VFS that does the work.
struct Beneath {
    vfs: *mut ffi::sqlite3_vfs,
    open: Open,
    /// Where a file's [`Tail`] begins, behind what this VFS keeps of it.
    tail: usize,
}

// SAFETY: SQLite itself uses a VFS from every thread.
unsafe impl Send for Beneath {}
// SAFETY: as above; nothing of it changes.
unsafe impl Sync for Beneath {}

static BENEATH: OnceLock<Beneath> = OnceLock::new();

/// What we keep of an open file.
#[derive(Clone, Copy)]
struct Tail {
    calls: &'static Calls,
    methods: &'static ffi::sqlite3_io_methods,
}

/// # Safety
/// As SQLite calls `xOpen`: `file` has room for `szOsFile` bytes, aligned to 8.
unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    let Some(beneath) = BENEATH.get() else { return ffi::SQLITE_ERROR };
    // SAFETY: SQLite's own arguments, for the VFS that they were meant for.
    let code = unsafe { (beneath.open)(beneath.vfs, name, file, flags, out_flags) };
    // SAFETY: a file that was opened has methods, which are static in every VFS that comes with SQLite.
    let Some(methods) = (unsafe { (*file).pMethods.as_ref() }).filter(|_| code == ffi::SQLITE_OK) else { return code };
    let path = if name.is_null() {
        PathBuf::new() // A temporary file.
    } else {
        // SAFETY: SQLite's names end with NUL and live as long as the file.
        PathBuf::from(unsafe { CStr::from_ptr(name) }.to_string_lossy().into_owned())
    };
    // SAFETY: we asked for room for a tail there, and nobody else writes to it.
    unsafe { file.byte_add(beneath.tail).cast::<Tail>().write(Tail { calls: calls(&path), methods }) };
    // SAFETY: the file is ours until we return; the methods live for ever.
    unsafe { (*file).pMethods = counted(methods) };
    code
}

/// A file's methods with ours among them; one copy for each set of methods.
fn counted(methods: &'static ffi::sqlite3_io_methods) -> &'static ffi::sqlite3_io_methods {
    static COPIES: Mutex<BTreeMap<usize, &'static ffi::sqlite3_io_methods>> = Mutex::new(BTreeMap::new());
    let mut copies = COPIES.lock().unwrap_or_else(PoisonError::into_inner);
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
/// `file` was opened by [`open`].
unsafe fn tail(file: *mut ffi::sqlite3_file) -> Option<Tail> {
    // SAFETY: the caller's: `open` wrote it.
    BENEATH.get().map(|beneath| unsafe { file.byte_add(beneath.tail).cast::<Tail>().read() })
}

/// # Safety
/// As SQLite calls `xSync`, of a file that [`open`] opened.
unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    // SAFETY: the caller's.
    let Some(Tail { calls, methods }) = (unsafe { tail(file) }) else { return ffi::SQLITE_IOERR_FSYNC };
    let is_beside = std::thread::current().name() == Some(MOVER);
    let syncs = if is_beside { &calls.syncs_beside } else { &calls.syncs };
    syncs.fetch_add(1, Ordering::SeqCst);
    if let Some(code) = fault(calls, false, ffi::SQLITE_IOERR_FSYNC) {
        return code;
    }
    // SAFETY: the caller's, on to the method that ours replaced.
    methods.xSync.map_or(ffi::SQLITE_OK, |sync| unsafe { sync(file, flags) })
}

/// # Safety
/// As SQLite calls `xRead`, of a file that [`open`] opened.
unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    to: *mut c_void,
    bytes: c_int,
    from: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: the caller's.
    let Some(Tail { calls, methods }) = (unsafe { tail(file) }) else { return ffi::SQLITE_IOERR_READ };
    calls.reads.fetch_add(1, Ordering::SeqCst);
    if let Some(code) = fault(calls, true, ffi::SQLITE_IOERR_READ) {
        return code;
    }
    // SAFETY: the caller's, on to the method that ours replaced.
    methods.xRead.map_or(ffi::SQLITE_IOERR_READ, |read| unsafe { read(file, to, bytes, from) })
}

/// # Safety
/// As SQLite calls `xWrite`, of a file that [`open`] opened.
unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    from: *const c_void,
    bytes: c_int,
    to: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: the caller's.
    let Some(Tail { calls, methods }) = (unsafe { tail(file) }) else { return ffi::SQLITE_IOERR_WRITE };
    if let Some(code) = fault(calls, false, ffi::SQLITE_IOERR_WRITE) {
        return code;
    }
    // SAFETY: the caller's, on to the method that ours replaced.
    methods.xWrite.map_or(ffi::SQLITE_IOERR_WRITE, |write| unsafe { write(file, from, bytes, to) })
}

/// # Safety
/// As SQLite calls `xTruncate`, of a file that [`open`] opened.
unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: ffi::sqlite3_int64) -> c_int {
    // SAFETY: the caller's.
    let Some(Tail { calls, methods }) = (unsafe { tail(file) }) else { return ffi::SQLITE_IOERR_TRUNCATE };
    if let Some(code) = fault(calls, false, ffi::SQLITE_IOERR_TRUNCATE) {
        return code;
    }
    // SAFETY: the caller's, on to the method that ours replaced.
    methods.xTruncate.map_or(ffi::SQLITE_IOERR_TRUNCATE, |truncate| unsafe { truncate(file, size) })
}
