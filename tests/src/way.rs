//! A way to a server that breaks off where a test wants that: at one of the messages to it, before it arrives or after it was
//! answered, though nobody hears the answer.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The server doesn't get the message.
    Before,
    /// The server has done what it says; its answer is lost.
    After,
}

/// A port of loopback that leads to another one.
#[derive(Debug)]
pub struct Way {
    port: u16,
    /// What is to happen, after so many messages more.
    plan: Arc<Mutex<Option<(Cut, u64)>>>,
}

impl Way {
    /// # Panics
    /// When no port is free.
    pub fn to(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let plan = Arc::new(Mutex::new(None));
        let planned = plan.clone();
        // It ends with the process: nobody comes to a way that is forgotten.
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(("127.0.0.1", server)) else { continue };
                let _ = lead(client, server, planned.clone());
            }
        });
        Self { port, plan }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Breaks one connection at a message to the server, once so many more were handed on.
    pub fn cut(&self, cut: Cut, after: u64) {
        *self.plan.lock().unwrap() = Some((cut, after));
    }

    /// Breaks nothing any more, and says whether it has.
    pub fn mend(&self) -> bool {
        self.plan.lock().unwrap().take().is_none()
    }
}

fn lead(mut client: TcpStream, mut server: TcpStream, plan: Arc<Mutex<Option<(Cut, u64)>>>) -> std::io::Result<()> {
    // A message is small, and the next one waits for its answer.
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut answers, mut to_client) = (server.try_clone()?, client.try_clone()?);
    let is_deaf = Arc::new(AtomicBool::new(false));
    let deaf = is_deaf.clone();
    std::thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        while let Ok(size @ 1..) = answers.read(&mut buffer) {
            if deaf.load(Ordering::SeqCst) || to_client.write_all(&buffer[..size]).is_err() {
                break;
            }
        }
        [&answers, &to_client].map(|end| end.shutdown(Shutdown::Both)).into_iter().for_each(drop);
    });
    std::thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        while let Ok(size @ 1..) = client.read(&mut buffer) {
            let cut = next(&plan);
            if cut == Some(Cut::Before) {
                break;
            }
            is_deaf.store(cut == Some(Cut::After), Ordering::SeqCst);
            if server.write_all(&buffer[..size]).is_err() {
                break;
            }
            if cut == Some(Cut::After) {
                // The other thread ends both once the server has answered.
                return;
            }
        }
        [&client, &server].map(|end| end.shutdown(Shutdown::Both)).into_iter().for_each(drop);
    });
    Ok(())
}

/// What happens at this message.
fn next(plan: &Mutex<Option<(Cut, u64)>>) -> Option<Cut> {
    let mut plan = plan.lock().unwrap();
    match plan.as_mut()? {
        (_, left @ 1..) => {
            *left -= 1;
            None
        }
        (cut, _) => {
            let cut = *cut;
            *plan = None;
            Some(cut)
        }
    }
}
