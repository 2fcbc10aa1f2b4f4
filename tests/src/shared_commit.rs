//! Makes several commands share one commit of the journal.

use std::pin::Pin;
use std::sync::{Arc, mpsc};
use std::task::Poll;

use nosmoke_ports::{Abandoned, Journal, Priority};
use tokio::sync::oneshot;

/// Blocks the journal's writer until all these commands wait in its queue, and returns their answers. On a runtime of one
/// thread only, where yielding lets the tasks of the commands run up to the queue.
///
/// # Panics
/// When a command is answered before it reaches the writer.
pub async fn commit_together<F: Future>(journal: Arc<dyn Journal>, commands: Vec<F>) -> Vec<F::Output> {
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
    // The first poll of a command puts it into the writer's queue, or into a task that does.
    let mut waiting: Vec<Pin<Box<F>>> = commands.into_iter().map(Box::pin).collect();
    std::future::poll_fn(|context| {
        for command in &mut waiting {
            assert!(command.as_mut().poll(context).is_pending(), "a command was answered without the writer");
        }
        Poll::Ready(())
    })
    .await;
    for _ in 0..waiting.len() {
        tokio::task::yield_now().await;
    }
    // The journal may run the blocking unit of work a second time; with the channel closed it doesn't block again.
    drop(release);
    let mut answers = Vec::with_capacity(waiting.len());
    for command in waiting {
        answers.push(command.await);
    }
    assert!(!matches!(hold.await.unwrap(), Ok(Some(_))), "the blocking unit records nothing");
    answers
}
