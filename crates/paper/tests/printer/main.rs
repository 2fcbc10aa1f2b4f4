//! Printers that are slow, away, out of paper, or end the connection.

#![allow(clippy::panic, clippy::unwrap_used, reason = "clippy.toml allows them only inside test functions")]

#[cfg(target_os = "linux")]
mod usb;

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use nosmoke_paper::{Failure, JobState, Limits, PrintError, PrintJob, PrintQueue, PrinterAddress, QueueFull};

const SOON: Limits = Limits {
    name: Duration::from_secs(20),
    connect: Duration::from_millis(500),
    busy: Duration::from_millis(400),
    status: Duration::from_millis(100),
    stall: Duration::from_millis(300),
    slip: Duration::from_secs(5),
    close: Duration::from_millis(300),
    watch: Duration::from_millis(300),
    answer: Duration::from_millis(600),
};

const ASK: [u8; 3] = [0x10, 4, 2];

/// A printer on this computer: what it does with each connection after the question how it is, to which it says nothing.
fn printer(takes: impl Fn(TcpStream) + Send + 'static) -> PrinterAddress {
    printer_in_state(&[], takes)
}

/// A printer that answers the question how it is.
fn printer_in_state(state: &'static [u8], takes: impl Fn(TcpStream) + Send + 'static) -> PrinterAddress {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let serve = move |mut stream: TcpStream| {
        let mut question = [0; 3];
        stream.read_exact(&mut question).unwrap();
        assert_eq!(question, ASK);
        stream.write_all(state).unwrap();
        takes(stream);
    };
    thread::spawn(move || listener.incoming().for_each(|stream| serve(stream.unwrap())));
    PrinterAddress::Network { host: "127.0.0.1".into(), port }
}

/// A printer that says that it is ready, takes a slip of `len` bytes, and answers each question after it with the next of these
/// answers, then with the last one; no answer is silence.
fn printer_that_answers(len: usize, after: &'static [Option<u8>]) -> PrinterAddress {
    printer_in_state(&[0x12], move |mut stream| {
        stream.read_exact(&mut vec![0; len]).unwrap();
        let mut question = [0; 3];
        let mut answers = after.iter().chain(std::iter::repeat(after.last().unwrap()));
        while stream.read_exact(&mut question).is_ok() {
            assert_eq!(question, ASK);
            if let Some(answer) = answers.next().unwrap() {
                // It may have ended.
                let _ = stream.write_all(&[*answer]);
            }
        }
    })
}

fn queue() -> PrintQueue<&'static str> {
    PrintQueue::start(SOON, || {}, |_| {}).unwrap()
}

/// Waits until nothing waits or is being printed; returns what failed.
fn settled(queue: &PrintQueue<&'static str>) -> Vec<PrintJob<&'static str>> {
    let began = Instant::now();
    loop {
        let jobs = queue.jobs();
        if jobs.iter().all(|job| matches!(job.state, JobState::Failed(_))) {
            return jobs;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "{jobs:?}");
        thread::sleep(Duration::from_millis(5));
    }
}

fn the_failure(queue: &PrintQueue<&'static str>) -> Failure {
    let jobs = settled(queue);
    let [PrintJob { state: JobState::Failed(failure), .. }] = jobs.as_slice() else { panic!("{jobs:?}") };
    failure.clone()
}

/// Why the only slip failed, of which nothing is on paper.
fn the_error(queue: &PrintQueue<&'static str>) -> PrintError {
    let Failure { error, partly } = the_failure(queue);
    assert!(!partly, "{error:?}");
    error
}

fn partly(error: PrintError) -> Failure {
    Failure { error, partly: true }
}

#[test]
fn slips_arrive_whole_and_in_order() {
    let (sender, arrived) = mpsc::channel();
    let to = printer(move |mut stream| {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        sender.send(bytes).unwrap();
    });
    let queue = queue();
    let slips = [vec![1; 100_000], vec![2; 10], vec![3; 5_000]];
    for slip in &slips {
        queue.add(to.clone(), slip.clone(), "receipt").unwrap();
    }
    for slip in slips {
        assert_eq!(arrived.recv_timeout(Duration::from_secs(10)).unwrap(), slip);
    }
    assert!(settled(&queue).is_empty());
}

#[test]
fn a_slow_printer_gets_its_time() {
    let (sender, arrived) = mpsc::channel();
    let to = printer(move |mut stream| {
        let (mut all, mut some) = (Vec::<u8>::new(), vec![0; 200_000]);
        loop {
            // Never longer than a stall.
            thread::sleep(Duration::from_millis(20));
            match stream.read(&mut some).unwrap() {
                0 => break,
                taken => all.extend(&some[..taken]),
            }
        }
        sender.send(all.len()).unwrap();
    });
    let queue = queue();
    queue.add(to, vec![7; 8_000_000], "receipt").unwrap();
    assert_eq!(arrived.recv_timeout(Duration::from_secs(15)).unwrap(), 8_000_000);
    assert!(settled(&queue).is_empty());
}

#[test]
fn a_printer_that_takes_nothing_is_told_from_one_that_is_away() {
    let (sender, kept) = mpsc::channel();
    // Without paper: it keeps the connection and reads nothing.
    let to = printer(move |stream| sender.send(stream).unwrap());
    let queue = queue();
    queue.add(to, vec![7; 64_000_000], "receipt").unwrap();
    assert_eq!(the_failure(&queue), partly(PrintError::NotTaking));
    // It fits in this computer's memory, and the printer's has no room for all of it.
    queue.clear();
    let (sender, kept_too) = mpsc::channel();
    let to = printer(move |stream| sender.send(stream).unwrap());
    queue.add(to, vec![7; 900_000], "receipt").unwrap();
    assert_eq!(the_failure(&queue), partly(PrintError::NotTaking));
    drop((kept, kept_too));
}

#[test]
fn a_printer_that_says_why_it_cannot_print_gets_no_slip() {
    // The last one sends four bytes about its state before it answers.
    let states: [(&'static [u8], PrintError); 4] = [
        (&[0x32], PrintError::NoPaper),
        (&[0x16], PrintError::CoverOpen),
        (&[0x52], PrintError::Faulty),
        (&[0x14, 0, 0, 0x0f, 0x32], PrintError::NoPaper),
    ];
    for (state, fault) in states {
        let (sender, arrived) = mpsc::channel();
        let to = printer_in_state(state, move |mut stream| {
            let mut bytes = Vec::new();
            // The connection may be reset: the answer isn't taken when it ends.
            let _ = stream.read_to_end(&mut bytes);
            sender.send(bytes).unwrap();
        });
        let queue = queue();
        queue.add(to, vec![7; 10], "receipt").unwrap();
        assert_eq!(the_error(&queue), fault);
        assert!(arrived.recv_timeout(Duration::from_secs(10)).unwrap().is_empty());
    }
}

#[test]
fn a_printer_that_says_that_it_is_ready_gets_the_slip() {
    // Some answer a little later, after what came before.
    for after in [&[Some(0x12)][..], &[None, Some(0x12)]] {
        let queue = queue();
        queue.add(printer_that_answers(10, after), vec![7; 10], "receipt").unwrap();
        assert!(settled(&queue).is_empty());
    }
}

#[test]
fn paper_that_ends_in_the_middle_of_a_slip_fails_it() {
    for (after, fault) in [
        (&[Some(0x12), Some(0x32)][..], PrintError::NoPaper),
        (&[Some(0x12), Some(0x12), Some(0x16)], PrintError::CoverOpen),
        // Switched off: nothing is heard of it again.
        (&[None], PrintError::Unconfirmed),
        (&[Some(0x12), None], PrintError::Unconfirmed),
    ] {
        let queue = queue();
        queue.add(printer_that_answers(10, after), vec![7; 10], "receipt").unwrap();
        assert_eq!(the_failure(&queue), partly(fault), "{after:x?}");
    }
}

#[test]
fn what_is_on_paper_is_announced_whole_or_in_part_and_nothing_else() {
    let printed = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&printed);
    let queue = PrintQueue::start(SOON, || {}, move |what| noted.lock().unwrap().push(what)).unwrap();
    queue.add(away(), vec![7; 10], "away").unwrap();
    queue.add(printer_in_state(&[0x32], drop), vec![7; 10], "no paper").unwrap();
    queue.add(printer_that_answers(10, &[Some(0x32)]), vec![7; 10], "in part").unwrap();
    queue.add(printer_that_answers(10, &[Some(0x12)]), vec![7; 10], "whole").unwrap();
    settled(&queue);
    assert_eq!(*printed.lock().unwrap(), ["in part", "whole"]);
}

#[test]
fn a_printer_that_another_desk_uses_is_tried_again() {
    let PrinterAddress::Network { host, port } = away() else { panic!() };
    let (sender, arrived) = mpsc::channel();
    thread::spawn(move || {
        // Refuses the connection at first, then accepts it and ends it, then is free.
        thread::sleep(Duration::from_millis(300));
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        drop(listener.accept().unwrap());
        let (mut stream, _) = listener.accept().unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        sender.send(bytes).unwrap();
    });
    let limits = Limits { busy: Duration::from_secs(10), ..SOON };
    let queue = PrintQueue::start(limits, || {}, |_| {}).unwrap();
    queue.add(PrinterAddress::Network { host, port }, vec![7; 10], "receipt").unwrap();
    let bytes = arrived.recv_timeout(Duration::from_secs(10)).unwrap();
    assert_eq!(bytes, [&ASK[..], &[7; 10]].concat());
    assert!(settled(&queue).is_empty());
}

#[test]
fn a_slip_for_a_busy_printer_is_given_up_when_the_list_is_cleared() {
    let limits = Limits { busy: Duration::from_secs(60), ..SOON };
    let queue = PrintQueue::start(limits, || {}, |_| {}).unwrap();
    queue.add(away(), vec![7; 10], "receipt").unwrap();
    let began = Instant::now();
    while queue.jobs()[0].state != JobState::Printing {
        assert!(began.elapsed() < Duration::from_secs(20));
        thread::sleep(Duration::from_millis(2));
    }
    queue.clear();
    queue.add(printer_that_answers(10, &[Some(0x12)]), vec![7; 10], "next").unwrap();
    assert!(settled(&queue).is_empty());
}

#[test]
fn a_printer_that_ends_the_connection_fails_the_slip() {
    let to = printer(|mut stream| {
        stream.read_exact(&mut [0; 100]).unwrap();
    });
    let queue = queue();
    queue.add(to, vec![7; 64_000_000], "receipt").unwrap();
    assert_eq!(the_failure(&queue), partly(PrintError::CutOff));
}

#[test]
fn a_printer_that_leaves_the_connection_open_has_printed() {
    let to = printer(|mut stream| {
        let mut bytes = vec![0; 1_000];
        stream.read_exact(&mut bytes).unwrap();
        thread::sleep(Duration::from_secs(5));
    });
    let queue = queue();
    queue.add(to, vec![7; 1_000], "receipt").unwrap();
    assert!(settled(&queue).is_empty());
}

/// A port on which nothing listens.
fn away() -> PrinterAddress {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    PrinterAddress::Network { host: "127.0.0.1".into(), port }
}

#[test]
fn adding_a_slip_never_waits_for_a_printer_that_takes_nothing() {
    const STALL: Duration = Duration::from_secs(60);
    let (_holds, held) = mpsc::channel::<()>();
    let to = printer(move |stream| {
        let _ = held.recv();
        drop(stream);
    });
    let queue = PrintQueue::start(Limits { stall: STALL, slip: STALL, ..SOON }, || {}, |_| {}).unwrap();
    let began = Instant::now();
    for _ in 0..50 {
        // More than the memory of a connection.
        queue.add(to.clone(), vec![7; 8_000_000], "receipt").unwrap();
    }
    assert_eq!(queue.add(to, vec![7], "receipt"), Err(QueueFull { max: 50 }));
    assert!(began.elapsed() < STALL / 2, "{:?}", began.elapsed());
}

#[test]
fn a_full_list_drops_the_oldest_slip_that_failed() {
    let queue = queue();
    // Without a device, a slip fails at once.
    let missing = || PrinterAddress::usb("/dev/usb/lp99").unwrap();
    for _ in 0..50 {
        queue.add(missing(), vec![7; 10], "old").unwrap();
    }
    settled(&queue);
    queue.add(missing(), vec![7; 10], "new").unwrap();
    let jobs = settled(&queue);
    assert_eq!(jobs.iter().map(|job| job.id.0).collect::<Vec<_>>(), (2..=51).collect::<Vec<_>>());
    queue.clear();
    assert!(queue.jobs().is_empty());
}

#[test]
fn a_slip_that_was_removed_while_it_was_printed_leaves_nothing_behind() {
    let (reached, arrived) = mpsc::channel();
    let (go_on, wait) = mpsc::channel::<()>();
    let to = printer(move |stream| {
        reached.send(()).unwrap();
        let _ = wait.recv();
        drop(stream);
    });
    let queue = queue();
    queue.add(to, vec![7; 4_000_000], "receipt").unwrap();
    arrived.recv_timeout(Duration::from_secs(10)).unwrap();
    queue.clear();
    drop(go_on);
    let (sender, printed) = mpsc::channel();
    let next = printer(move |mut stream| {
        stream.read_to_end(&mut Vec::new()).unwrap();
        sender.send(()).unwrap();
    });
    queue.add(next, vec![8; 10], "receipt").unwrap();
    printed.recv_timeout(Duration::from_secs(10)).unwrap();
    assert!(settled(&queue).is_empty());
}

#[test]
fn a_failed_slip_waits_until_somebody_tries_again() {
    let queue = queue();
    let id = queue.add(away(), vec![7; 10], "receipt").unwrap();
    assert_eq!(the_error(&queue), PrintError::Refused);

    let (sender, arrived) = mpsc::channel();
    let back = printer(move |mut stream| {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        sender.send(bytes).unwrap();
    });
    // One that comes after it is printed meanwhile, and the failed one isn't sent by itself.
    queue.add(back.clone(), vec![8; 10], "receipt").unwrap();
    assert_eq!(arrived.recv_timeout(Duration::from_secs(10)).unwrap(), [8; 10]);
    assert_eq!(the_error(&queue), PrintError::Refused);
    // It is sent as it is now.
    queue.try_again(id, back, vec![9; 10]);
    assert_eq!(arrived.recv_timeout(Duration::from_secs(10)).unwrap(), [9; 10]);
    assert!(settled(&queue).is_empty());
    // It is printed.
    queue.try_again(id, away(), vec![9; 10]);
    assert!(queue.jobs().is_empty());
}

#[test]
fn a_failed_slip_can_be_discarded() {
    let queue = queue();
    let id = queue.add(away(), vec![7; 10], "receipt").unwrap();
    assert_eq!(settled(&queue).len(), 1);
    queue.discard(id);
    assert!(queue.jobs().is_empty());
}

#[test]
fn each_change_of_the_list_is_announced() {
    let (sender, told) = mpsc::channel();
    let queue = PrintQueue::start(SOON, move || sender.send(()).unwrap_or_default(), |_| {}).unwrap();
    queue.add(away(), vec![7; 10], "receipt").unwrap();
    settled(&queue);
    // Added, being printed, failed.
    for _ in 0..3 {
        told.recv_timeout(Duration::from_secs(5)).unwrap();
    }
}

#[test]
fn a_name_that_nobody_has_is_told_from_a_printer_that_is_off() {
    let queue = queue();
    let to = PrinterAddress::Network { host: "no-such-printer.invalid".into(), port: 9100 };
    queue.add(to, vec![7; 10], "receipt").unwrap();
    assert_eq!(the_error(&queue), PrintError::UnknownHost);
}
