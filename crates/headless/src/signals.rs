//! The signals that ask the program to end.

/// Registers for SIGTERM and SIGINT, and returns a future that completes at the first of them.
#[cfg(unix)]
pub fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
pub fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        // If Ctrl+C can't be caught, this never completes, and the program must be killed.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

/// Returns a progress callback that ends the work at the first signal to stop, so that nothing half-written stays.
pub fn until_stopped() -> std::io::Result<nosmoke_composition::Tell> {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    let (goes_on, signal) = (Arc::new(AtomicBool::new(true)), stop_signal()?);
    let stops = goes_on.clone();
    tokio::spawn(async move {
        signal.await;
        stops.store(false, Ordering::Relaxed);
    });
    Ok(Arc::new(move |_, _| goes_on.load(Ordering::Relaxed)))
}
