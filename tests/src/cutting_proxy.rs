//! A TCP proxy that breaks a connection at a chosen message: either before the message reaches the server, or after the
//! server has answered, so that the answer is lost.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The server doesn't receive the message.
    Before,
    /// The server has handled the message; its answer is lost.
    After,
}

/// A loopback port that forwards its connections to a server's port.
#[derive(Debug)]
pub struct CuttingProxy {
    port: u16,
    /// The planned cut, with the number of messages to forward before it.
    plan: Arc<Mutex<Option<(Cut, u64)>>>,
}

impl CuttingProxy {
    /// # Panics
    /// When no port is free.
    pub fn to(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let plan = Arc::new(Mutex::new(None));
        let planned = plan.clone();
        // Never joined: the thread runs until the process ends.
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(("127.0.0.1", server)) else { continue };
                let _ = forward(client, server, planned.clone());
            }
        });
        Self { port, plan }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Breaks one connection, after this many more messages to the server were forwarded.
    pub fn cut(&self, cut: Cut, after: u64) {
        *self.plan.lock().unwrap() = Some((cut, after));
    }

    /// Cancels a planned cut, and returns whether it has already happened.
    pub fn stop_cutting(&self) -> bool {
        self.plan.lock().unwrap().take().is_none()
    }
}

fn forward(mut client: TcpStream, mut server: TcpStream, plan: Arc<Mutex<Option<(Cut, u64)>>>) -> std::io::Result<()> {
    // Disable Nagle's algorithm: messages are small and each waits for its answer, so it would only delay them.
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
                // The other thread closes both connections once the server has answered.
                return;
            }
        }
        [&client, &server].map(|end| end.shutdown(Shutdown::Both)).into_iter().for_each(drop);
    });
    Ok(())
}

/// Counts a message, and returns the planned cut if it must happen at this message.
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
