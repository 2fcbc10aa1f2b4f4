//! Commands that all wait at one moment.

use std::pin::Pin;
use std::sync::{Arc, mpsc};
use std::task::Poll;

use nosmoke_ports::{Abandoned, Journal, Priority};
use tokio::sync::oneshot;

/// Holds the writer up until every one of these commands waits for it, and gives their answers.
///
/// # Panics
/// When a command is answered without the writer.
pub async fn together<F: Future>(journal: Arc<dyn Journal>, commands: Vec<F>) -> Vec<F::Output> {
    let (entered, writer_is_held) = oneshot::channel();
    let (release, released) = mpsc::channel::<()>();
    let mut entered = Some(entered);
    let hold = tokio::spawn(async move {
        let unit = Box::new(move |_: &mut dyn nosmoke_ports::Write| {
            if let Some(entered) = entered.take() {
                let _ = entered.send(());
            }
            let _ = released.recv();
            Err(Abandoned)
        });
        journal.write_unit(Priority::Command, unit).await
    });
    writer_is_held.await.unwrap();
    // Polled once, a command is in the queue.
    let mut waiting: Vec<Pin<Box<F>>> = commands.into_iter().map(Box::pin).collect();
    std::future::poll_fn(|context| {
        for command in &mut waiting {
            assert!(command.as_mut().poll(context).is_pending(), "a command didn't wait");
        }
        Poll::Ready(())
    })
    .await;
    // A unit may be run again: it isn't held up then.
    drop(release);
    let mut answers = Vec::with_capacity(waiting.len());
    for command in waiting {
        answers.push(command.await);
    }
    assert!(!matches!(hold.await.unwrap(), Ok(Some(_))), "what holds the writer up records nothing");
    answers
}
