use nosmoke_domain::fact::Hash;
use nosmoke_domain::ids::TerminalId;
use nosmoke_ports::contract::QuarantineReason;
use nosmoke_ports::{Heard, LogPosition, Partition, Quarantined, Topic};

use crate::support::{at, id, journal, look, open, run};

fn partition(topic: Topic, number: i32) -> Partition {
    Partition { topic, number }
}

#[tokio::test]
async fn positions_are_kept_by_partition_and_forgotten_by_topic() {
    let (folder, journal) = journal().await;
    let position =
        |topic, number, next_offset, last| LogPosition { partition: partition(topic, number), next_offset, last };
    let last = position(Topic::Facts, 11, 8, Some(Hash([7; 32])));
    run(&journal, move |tx| {
        for topic in Topic::ALL {
            tx.put_log_position(&position(topic, 0, 5, None))?;
        }
        tx.put_log_position(&position(Topic::Facts, 11, 3, None))?;
        tx.put_log_position(&last)
    })
    .await
    .unwrap();
    journal.close().await;
    drop(journal);
    let journal = open(folder.path()).await.unwrap();
    let kept = look(&journal, |tx| tx.log_positions()).await;
    assert_eq!(kept.len(), 5);
    assert!(kept.contains(&last) && kept.contains(&position(Topic::Heartbeats, 0, 5, None)));
    run(&journal, |tx| tx.forget_log_positions(&[Topic::Facts, Topic::Reference])).await.unwrap();
    let mut kept = look(&journal, |tx| tx.log_positions()).await;
    kept.sort_by_key(|position| position.partition);
    assert_eq!(kept, [position(Topic::Profiles, 0, 5, None), position(Topic::Heartbeats, 0, 5, None)]);
}

#[tokio::test]
async fn a_record_is_set_aside_once_and_read_newest_first() {
    let (_folder, journal) = journal().await;
    let set_aside = |offset, value: &[u8]| Quarantined {
        partition: partition(Topic::Facts, 3),
        offset,
        reason: QuarantineReason::WrongHash,
        detail: "the hash is another".into(),
        received_at: at(1),
        key: Some(b"key".to_vec()),
        value: value.to_vec(),
        size: 70_000,
        headers: vec![("ce_hash".into(), vec![0, 255]), ("ce_hash".into(), vec![])],
    };
    let all = [set_aside(1, b"a"), set_aside(2, b""), Quarantined { key: None, ..set_aside(1, b"b") }];
    for _ in 0..2 {
        let all = all.clone();
        run(&journal, move |tx| {
            // What is found of it later is no other record.
            let later = Quarantined { received_at: at(9), reason: QuarantineReason::Malformed, ..all[0].clone() };
            all.iter().chain([&later]).try_for_each(|quarantined| tx.put_quarantined(quarantined))
        })
        .await
        .unwrap();
    }
    assert_eq!(look(&journal, |tx| tx.quarantine_count()).await, 3);
    let (mut read, mut after) = (Vec::new(), None);
    loop {
        let page = look(&journal, move |tx| tx.quarantined(after, 2)).await;
        let Some((cursor, _)) = page.last() else { break };
        after = Some(*cursor);
        read.extend(page.into_iter().map(|(_, quarantined)| quarantined));
    }
    assert_eq!(read, all.into_iter().rev().collect::<Vec<_>>());
}

#[tokio::test]
async fn of_a_terminal_the_last_that_was_heard_stays() {
    let (_folder, journal) = journal().await;
    let heard = |n, minutes, body: &[u8]| Heard {
        terminal_id: TerminalId(id(n)),
        appended_at: at(minutes),
        received_at: at(minutes + 1),
        body: body.to_vec(),
    };
    run(&journal, move |tx| {
        tx.put_heard(&heard(2, 1, b"{}"))?;
        tx.put_heard(&heard(1, 1, b"{\"at\":1}"))?;
        tx.put_heard(&heard(1, 2, b"{\"at\":2}"))
    })
    .await
    .unwrap();
    assert_eq!(look(&journal, |tx| tx.heard()).await, [heard(1, 2, b"{\"at\":2}"), heard(2, 1, b"{}")]);
}
