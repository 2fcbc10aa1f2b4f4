//! A USB printer's device file, as a named pipe.

use std::fs::File;
use std::path::Path;
use std::process::Command;

use super::*;

/// A named pipe behaves as the device does: it takes bytes until its memory is full.
fn pipe(folder: &Path) -> PrinterAddress {
    let path = folder.join("lp0");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    PrinterAddress::Usb(path)
}

#[test]
fn a_slip_reaches_the_device_whole() {
    let folder = tempfile::tempdir().unwrap();
    let to = pipe(folder.path());
    let path = folder.path().join("lp0");
    let reader = thread::spawn(move || {
        let mut bytes = Vec::new();
        File::open(path).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    });
    // Opening for writing fails until the reader is there.
    thread::sleep(Duration::from_millis(200));
    let queue = queue();
    queue.add(to, vec![7; 300_000], "receipt").unwrap();
    assert!(settled(&queue).is_empty());
    assert_eq!(reader.join().unwrap(), vec![7; 300_000]);
}

#[test]
fn a_device_without_paper_fails_after_its_time() {
    let folder = tempfile::tempdir().unwrap();
    let to = pipe(folder.path());
    let path = folder.path().join("lp0");
    let (done, wait) = mpsc::channel::<()>();
    thread::spawn(move || {
        let file = File::open(path).unwrap();
        let _ = wait.recv();
        drop(file);
    });
    thread::sleep(Duration::from_millis(200));
    let queue = queue();
    queue.add(to, vec![7; 300_000], "receipt").unwrap();
    assert_eq!(the_failure(&queue), partly(PrintError::NotTaking));
    done.send(()).unwrap();
}

#[test]
fn a_device_that_goes_away_while_it_prints_fails_the_slip() {
    // The first takes more than its memory holds before it goes, the second has all of the slip in its memory.
    for (takes, len) in [(100_000, 300_000), (0, 10)] {
        let folder = tempfile::tempdir().unwrap();
        let to = pipe(folder.path());
        let path = folder.path().join("lp0");
        let (goes, wait) = mpsc::channel::<()>();
        thread::spawn(move || {
            let mut file = File::open(path).unwrap();
            file.read_exact(&mut vec![0; takes]).unwrap();
            let _ = wait.recv_timeout(Duration::from_millis(if takes == 0 { 20_000 } else { 0 }));
            drop(file);
        });
        thread::sleep(Duration::from_millis(200));
        let queue = PrintQueue::start(Limits { watch: Duration::from_secs(20), ..SOON }, || {}, |_| {}).unwrap();
        queue.add(to, vec![7; len], "receipt").unwrap();
        thread::sleep(Duration::from_millis(100));
        goes.send(()).unwrap_or_default();
        assert_eq!(the_failure(&queue), partly(PrintError::CutOff), "{takes}");
    }
}

#[test]
fn a_device_that_is_unplugged_is_missing() {
    let queue = queue();
    let folder = tempfile::tempdir().unwrap();
    queue.add(PrinterAddress::Usb(folder.path().join("lp0")), vec![7; 10], "receipt").unwrap();
    assert_eq!(the_error(&queue), PrintError::NoDevice);
}
