//! The free space of a disk.

use std::path::Path;

/// Returns how many bytes this user can still write on the disk of a folder; `None` if the system doesn't tell.
#[cfg(unix)]
pub fn free_bytes(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
pub fn free_bytes(_: &Path) -> Option<u64> {
    None
}

/// Whether a folder is on a file system of sticks (FAT, exFAT, NTFS) or of shares (SMB, NFS, 9P, FUSE). Others may read
/// there, or take it away.
#[cfg(target_os = "linux")]
pub fn is_stick_or_share(folder: &Path) -> bool {
    /// The kernel's numbers of these file systems (`linux/magic.h`), as 32 bits.
    const MEDIA: [u32; 10] = [
        0x4d44,
        0x2011_bab0,
        0x5346_544e,
        0x7366_746e,
        0x517b,
        0xff53_4d42,
        0xfe53_4d42,
        0x6969,
        0x0102_1997,
        0x6573_5546,
    ];
    rustix::fs::statfs(folder)
        .is_ok_and(|disk| u32::try_from(disk.f_type & 0xffff_ffff).is_ok_and(|kind| MEDIA.contains(&kind)))
}

#[cfg(not(target_os = "linux"))]
pub fn is_stick_or_share(_: &Path) -> bool {
    false
}
