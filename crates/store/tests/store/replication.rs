use nosmoke_domain::fact::Hash;
use nosmoke_domain::ids::{IncarnationId, TerminalId};
use nosmoke_ports::contract::QuarantineReason;
use nosmoke_ports::{Heard, LogPosition, Partition, Quarantined, Topic};

use crate::support::{at, id, journal, open, read_journal, run};

fn partition(topic: Topic, number: i32) -> Partition {
    Partition { topic, number }
}

#[tokio::test]
async fn log_positions_are_stored_by_partition_and_deleted_by_topic() {
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
    let kept = read_journal(&journal, |tx| tx.log_positions()).await;
    assert_eq!(kept.len(), Topic::ALL.len() + 1);
    assert!(kept.contains(&last) && kept.contains(&position(Topic::Heartbeats, 0, 5, None)));
    run(&journal, |tx| tx.forget_log_positions(&[Topic::Facts, Topic::Reference])).await.unwrap();
    let mut kept = read_journal(&journal, |tx| tx.log_positions()).await;
    kept.sort_by_key(|position| position.partition);
    let rest = [Topic::Profiles, Topic::Requests, Topic::Heartbeats].map(|topic| position(topic, 0, 5, None));
    assert_eq!(kept, rest);
}

#[tokio::test]
async fn a_message_is_quarantined_once_and_read_newest_first() {
    let (_folder, journal) = journal().await;
    let quarantined_at = |offset, value: &[u8]| Quarantined {
        partition: partition(Topic::Facts, 3),
        offset,
        reason: QuarantineReason::WrongHash,
        detail: "wrong hash".into(),
        received_at: at(1),
        key: Some(b"key".to_vec()),
        value: value.to_vec(),
        size: 70_000,
        headers: vec![("ce_hash".into(), vec![0, 255]), ("ce_hash".into(), vec![])],
    };
    let all = [quarantined_at(1, b"a"), quarantined_at(2, b""), Quarantined { key: None, ..quarantined_at(1, b"b") }];
    for _ in 0..2 {
        let all = all.clone();
        run(&journal, move |tx| {
            // The same message isn't stored again, even for another reason.
            let later = Quarantined { received_at: at(9), reason: QuarantineReason::Malformed, ..all[0].clone() };
            all.iter().chain([&later]).try_for_each(|quarantined| tx.put_quarantined(quarantined))
        })
        .await
        .unwrap();
    }
    assert_eq!(read_journal(&journal, |tx| tx.quarantine_count()).await, 3);
    let (mut read, mut after) = (Vec::new(), None);
    loop {
        let page = read_journal(&journal, move |tx| tx.quarantined(after, 2)).await;
        let Some((cursor, _)) = page.last() else { break };
        after = Some(*cursor);
        read.extend(page.into_iter().map(|(_, quarantined)| quarantined));
    }
    assert_eq!(read, all.into_iter().rev().collect::<Vec<_>>());
}

#[tokio::test]
async fn the_last_heartbeat_of_each_incarnation_is_stored() {
    let (_folder, journal) = journal().await;
    let heard = |of, n, minutes, body: &[u8]| Heard {
        incarnation: IncarnationId(id(of)),
        terminal_id: TerminalId(id(n)),
        appended_at: at(minutes),
        received_at: at(minutes + 1),
        gives: minutes % 2 == 1,
        body: body.to_vec(),
    };
    run(&journal, move |tx| {
        tx.put_heard(&heard(20, 2, 1, b"{}"))?;
        tx.put_heard(&heard(11, 1, 3, b"{\"at\":3}"))?;
        tx.put_heard(&heard(10, 1, 1, b"{\"at\":1}"))?;
        tx.put_heard(&heard(10, 1, 2, b"{\"at\":2}"))
    })
    .await
    .unwrap();
    // Of a terminal, the incarnation that was heard last comes last.
    let all = [heard(10, 1, 2, b"{\"at\":2}"), heard(11, 1, 3, b"{\"at\":3}"), heard(20, 2, 1, b"{}")];
    assert_eq!(read_journal(&journal, |tx| tx.heard()).await, all);
    run(&journal, move |tx| (0..1_100).try_for_each(|n| tx.put_heard(&heard(100 + n, 3, 4, b"{}")))).await.unwrap();
    assert_eq!(read_journal(&journal, |tx| tx.heard()).await.len(), 1_000, "those heard longest ago are deleted");
}
