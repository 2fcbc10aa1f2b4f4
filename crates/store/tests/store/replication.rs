use nosmoke_domain::fact::{CustomerErased, Draft, Hash};
use nosmoke_domain::ids::{IncarnationId, TerminalId};
use nosmoke_ports::authentication::KeyId;
use nosmoke_ports::contract::QuarantineReason;
use nosmoke_ports::{Heard, LogPosition, Partition, Quarantined, Strangers, StrangersKey, StrangersPlace, Topic};
use nosmoke_store::SqliteJournal;

use crate::support::{append, at, customer, draft, id, journal, open, read_journal, run};

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
async fn strangers_are_counted_by_topic_and_key_in_at_most_64_rows() {
    let (_folder, journal) = journal().await;
    let read = |topic, key, messages, offset| {
        let place = |offset| StrangersPlace { partition: 3, offset, appended_at: at(offset) };
        Strangers { topic, key, messages, first: place(offset), last: place(offset + 1) }
    };
    let named = |number: u8| StrangersKey::Named(KeyId([number; 8]));
    run(&journal, move |tx| {
        tx.count_strangers(&read(Topic::Facts, StrangersKey::Unnamed, 2, 10))?;
        tx.count_strangers(&read(Topic::Facts, StrangersKey::Unnamed, 3, 20))?;
        for topic in Topic::ALL {
            (0..100).try_for_each(|number| tx.count_strangers(&read(topic, named(number), 1, i64::from(number))))?;
        }
        // A key that has a row goes on being counted there.
        tx.count_strangers(&read(Topic::Facts, named(1), 7, 200))
    })
    .await
    .unwrap();
    let kept = read_journal(&journal, |tx| tx.strangers()).await;
    assert!(kept.len() <= 64, "{}", kept.len());
    assert_eq!(kept.iter().map(|it| it.messages).sum::<u64>(), 2 + 3 + 500 + 7);
    let unnamed = kept.iter().find(|it| it.key == StrangersKey::Unnamed).unwrap();
    assert_eq!((unnamed.messages, unnamed.first.offset, unnamed.last.offset), (5, 10, 21));
    let one = kept.iter().find(|it| it.topic == Topic::Facts && it.key == named(1)).unwrap();
    assert_eq!((one.messages, one.first.offset, one.last.offset), (8, 1, 201));
    assert!(kept.iter().any(|it| it.key == StrangersKey::Others));
    // A topic that is read again is counted again.
    run(&journal, |tx| tx.forget_log_positions(&Topic::ALL)).await.unwrap();
    assert_eq!(read_journal(&journal, |tx| tx.strangers()).await, []);
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
async fn the_quarantine_keeps_nothing_of_an_erased_customer() {
    let (_folder, journal) = journal().await;
    let of = |offset, key: String| Quarantined {
        partition: partition(Topic::Profiles, 3),
        offset,
        reason: QuarantineReason::Tampered,
        detail: String::new(),
        received_at: at(1),
        key: Some(key.into_bytes()),
        value: b"sealed".to_vec(),
        size: 6,
        headers: vec![("name".into(), b"value".to_vec())],
    };
    let person = customer(7);
    let before = [
        of(1, person.to_string()),
        of(2, format!("{person}/{}", id(3))),
        of(3, customer(8).to_string()),
        of(4, person.0.simple().to_string()),
        of(5, "no id".into()),
    ];
    run(&journal, move |tx| before.iter().try_for_each(|it| tx.put_quarantined(it))).await.unwrap();
    append(&journal, vec![Draft { payload: CustomerErased {}.into(), ..draft(1) }]).await.unwrap();
    let later = of(6, format!("{person}/{}", id(4)));
    run(&journal, move |tx| {
        tx.remove_notes_and_quarantined(person)?;
        tx.put_quarantined(&later)
    })
    .await
    .unwrap();
    let kept = read_journal(&journal, |tx| tx.quarantined(None, 10)).await;
    let kept: Vec<_> =
        kept.into_iter().map(|(_, it)| (it.offset, it.key.unwrap(), it.value, it.headers.len())).collect();
    let content = || b"sealed".to_vec();
    assert_eq!(
        kept,
        [
            (6, person.to_string().into_bytes(), Vec::new(), 0),
            (5, b"no id".to_vec(), content(), 1),
            (3, customer(8).to_string().into_bytes(), content(), 1),
        ]
    );
    // The stored size is still right: the ring has its whole room.
    let more = (10..10_009).map(|offset| of(offset, "no id".into())).collect::<Vec<_>>();
    run(&journal, move |tx| more.iter().try_for_each(|it| tx.put_quarantined(it))).await.unwrap();
    let counts = read_journal(&journal, |tx| Ok((tx.quarantine_count()?, tx.dropped()?.quarantined))).await;
    assert_eq!(counts, (10_000, 2));
}

#[tokio::test]
async fn the_quarantine_is_a_ring_of_10_000_messages_and_64_mib() {
    let quarantined = |offset, bytes| Quarantined {
        partition: partition(Topic::Facts, 3),
        offset,
        reason: QuarantineReason::Malformed,
        detail: String::new(),
        received_at: at(1),
        key: None,
        value: vec![7; bytes],
        size: bytes as u64,
        headers: Vec::new(),
    };
    let (folder, journal) = journal().await;
    let put = async |journal: &SqliteJournal, offsets: std::ops::Range<i64>, bytes| {
        run(journal, move |tx| offsets.clone().try_for_each(|offset| tx.put_quarantined(&quarantined(offset, bytes))))
            .await
            .unwrap();
    };
    let kept = async |journal: &SqliteJournal| {
        let (count, dropped) =
            read_journal(journal, |tx| Ok((tx.quarantine_count()?, tx.dropped()?.quarantined))).await;
        let newest = read_journal(journal, |tx| tx.quarantined(None, 1)).await[0].1.offset;
        (count, dropped, newest)
    };
    put(&journal, 0..10_250, 10).await;
    assert_eq!(kept(&journal).await, (10_000, 250, 10_249));
    // The limit of bytes counts from the rows that are there, also after a restart.
    journal.close().await;
    drop(journal);
    let journal = open(folder.path()).await.unwrap();
    put(&journal, 20_000..21_100, 64 * 1024).await;
    let (count, dropped, newest) = kept(&journal).await;
    assert_eq!((count, count + dropped, newest), (1_023, 10_250 + 1_100, 21_099));
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
    assert_eq!(read_journal(&journal, |tx| tx.dropped()).await.heard, 103);
}
