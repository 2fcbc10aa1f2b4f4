use std::collections::BTreeSet;

use nosmoke_domain::fact::{Hash, Novelty, Sealed};
use nosmoke_domain::ids::EventId;
use nosmoke_ports::{Digest, Extent, Journal, Profile, SearchQuery};
use nosmoke_store::SqliteJournal;
use uuid::Uuid;

use crate::support::{
    about, append, at, chain, continued, customer, draft, id, journal, look, open, origin, other, receive,
    recorded_here, run,
};

async fn hashes(journal: &dyn Journal) -> BTreeSet<Hash> {
    look(journal, |tx| tx.changes(0, usize::MAX)).await.into_iter().map(|change| change.recorded.hash).collect()
}

async fn extent(journal: &dyn Journal) -> Extent {
    look(journal, |tx| tx.extent()).await
}

/// The extent that a set of facts without a gap or fork must have.
fn sum<'a>(facts: impl IntoIterator<Item = &'a Sealed>) -> Extent {
    let mut extent = Extent::default();
    for fact in facts {
        extent.facts += 1;
        extent.digest.add(fact.hash);
        let head = extent.heads.entry(fact.fact.origin.incarnation).or_default();
        *head = fact.fact.seq.max(*head);
    }
    extent
}

/// What the next fact says of the other terminals.
async fn seen(journal: &dyn Journal, n: u128) -> Vec<(Uuid, u64)> {
    let fact = append(journal, vec![draft(n)]).await.unwrap().remove(0);
    fact.seen.into_iter().map(|(incarnation, seq)| (incarnation.0, seq)).collect()
}

#[tokio::test]
async fn in_any_order_and_repeated_the_same_facts_give_the_same_journal() {
    let (first, second) = (chain(other(20), (1..=40).map(draft)), chain(other(21), (51..=70).map(draft)));
    let all: Vec<_> = first.iter().chain(&second).cloned().collect();
    let mut odd_first: Vec<_> = all.iter().step_by(2).cloned().collect();
    odd_first.extend(all.iter().skip(1).step_by(2).cloned());
    let backwards: Vec<_> = all.iter().rev().cloned().collect();
    let twice: Vec<_> = backwards.iter().chain(&all).cloned().collect();
    for (order, batch) in [(&all, 60), (&odd_first, 7), (&backwards, 1), (&backwards, 60), (&twice, 11)] {
        let (folder, journal) = journal().await;
        let mut added = 0;
        for facts in order.chunks(batch) {
            let received = receive(&journal, facts).await;
            assert!(received.forked.is_empty() && !received.own_ahead);
            added += received.added;
        }
        assert_eq!(added, 60);
        assert_eq!(hashes(&journal).await, all.iter().map(|fact| fact.hash).collect());
        assert_eq!(extent(&journal).await, sum(&all));
        assert_eq!(extent(&journal).await.beyond_heads(), 0);
        let terminals = look(&journal, |tx| tx.terminals()).await;
        let lives = [other(20), other(21), origin(10)].map(|life| (life.incarnation, life.terminal_id));
        assert_eq!(terminals, lives.into());
        assert_eq!(seen(&journal, 200).await, [(id(20), 40), (id(21), 20)]);
        journal.close().await;
        drop(journal);
        let again = open(folder.path()).await.unwrap();
        assert_eq!(seen(&again, 201).await, [(id(20), 40), (id(21), 20)]);
    }
}

#[tokio::test]
async fn a_head_waits_at_a_gap_and_passes_what_came_before_it_was_filled() {
    let (_folder, journal) = journal().await;
    let facts = chain(other(20), (1..=6).map(draft));
    receive(&journal, &facts[1..3]).await;
    assert_eq!(extent(&journal).await.heads, [].into());
    assert_eq!(look(&journal, |tx| tx.terminals()).await.len(), 2, "known by a later fact already");
    assert_eq!(seen(&journal, 100).await, []);
    receive(&journal, &facts[..1]).await;
    receive(&journal, &facts[4..]).await;
    assert_eq!(extent(&journal).await.heads, [(origin(10).incarnation, 1), (other(20).incarnation, 3)].into());
    assert_eq!(extent(&journal).await.beyond_heads(), 2);
    assert_eq!(seen(&journal, 101).await, [(id(20), 3)]);
    receive(&journal, &facts[3..4]).await;
    assert_eq!(seen(&journal, 102).await, [(id(20), 6)]);

    // What hasn't arrived is no flaw of the chain.
    receive(&journal, &chain(other(21), (50..60).map(draft))[4..]).await;
    let block = journal.verify_chain(None, 100).await.unwrap();
    assert_eq!((block.checked, block.broken), (15, vec![]));
}

#[tokio::test]
async fn two_facts_with_one_seq_are_a_fork_and_both_stay() {
    let (_folder, journal) = journal().await;
    let mut facts = chain(other(20), (1..=3).map(draft));
    let mut clone = facts[..2].to_vec();
    continued(&mut clone, other(20), [draft(30), draft(31)]);
    let fork = vec![other(20).incarnation];

    assert_eq!(receive(&journal, &facts).await.forked, []);
    let received = receive(&journal, &clone).await;
    assert_eq!((received.added, &received.forked), (2, &fork));
    assert_eq!(receive(&journal, &clone).await.forked, [], "nothing new");
    assert_eq!(look(&journal, |tx| tx.forked()).await, fork.iter().copied().collect());
    assert_eq!(extent(&journal).await.facts, 5);
    assert_eq!(extent(&journal).await.heads[&other(20).incarnation], 4);
    assert_eq!(extent(&journal).await.beyond_heads(), 1);

    // Another pair of an incarnation that has forked already is no news; below the head nothing moves.
    continued(&mut facts, other(20), [draft(4)]);
    assert_eq!(receive(&journal, &facts[3..]).await.forked, []);
    assert_eq!(extent(&journal).await.heads[&other(20).incarnation], 4);
}

#[tokio::test]
async fn a_fork_is_seen_within_a_batch_and_beyond_a_gap() {
    let (_folder, journal) = journal().await;
    let facts = chain(other(20), (1..=3).map(draft));
    let mut clone = facts[..2].to_vec();
    continued(&mut clone, other(20), [draft(30)]);
    let pair = [clone[2].clone(), facts[2].clone()];
    assert_eq!(receive(&journal, &pair).await.forked, [other(20).incarnation]);

    let facts = chain(other(21), (51..=55).map(draft));
    let mut clone = facts[..2].to_vec();
    continued(&mut clone, other(21), [draft(60)]);
    receive(&journal, &[facts[4].clone(), facts[2].clone()]).await;
    assert_eq!(receive(&journal, &clone[2..]).await.forked, [other(21).incarnation]);
}

#[tokio::test]
async fn own_facts_that_the_journal_lacks_tell_that_it_is_older_than_the_log() {
    let (folder, journal) = journal().await;
    append(&journal, vec![draft(1), draft(2)]).await.unwrap();
    let mut later = recorded_here(&journal).await;
    continued(&mut later, origin(10), (3..=5).map(draft));
    let read_back = receive(&journal, &later[..2]).await;
    assert!(!read_back.own_ahead);

    // The log's partitions are read in any order.
    for batch in [&later[4..], &later[3..4]] {
        let received = receive(&journal, batch).await;
        assert!((received.added, received.own_ahead, received.forked.is_empty()) == (1, true, true), "{received:?}");
    }
    // Nothing is recorded twice at one place, before and after a restart; what is missing holds the head.
    assert_eq!(append(&journal, vec![draft(6)]).await.unwrap()[0].seq, 6);
    assert_eq!(extent(&journal).await.heads, [(origin(10).incarnation, 2)].into());
    journal.close().await;
    drop(journal);
    let journal = open(folder.path()).await.unwrap();
    assert_eq!(append(&journal, vec![draft(7)]).await.unwrap()[0].seq, 7);
    assert!(receive(&journal, &later[2..]).await.own_ahead);
    assert_eq!(extent(&journal).await.heads, [(origin(10).incarnation, 7)].into());
    assert!(look(&journal, |tx| tx.forked()).await.is_empty());
}

#[tokio::test]
async fn an_own_fact_in_the_place_of_another_is_a_fork_and_not_ahead() {
    let (_folder, journal) = journal().await;
    append(&journal, vec![draft(1), draft(2)]).await.unwrap();
    let mut clone = recorded_here(&journal).await;
    clone.truncate(1);
    continued(&mut clone, origin(10), [draft(30)]);
    let received = receive(&journal, &clone).await;
    assert_eq!((received.added, received.own_ahead), (1, false));
    assert_eq!(received.forked, [origin(10).incarnation]);
    assert_eq!(append(&journal, vec![draft(3)]).await.unwrap()[0].seq, 3);
}

#[tokio::test]
async fn the_digest_is_that_of_the_set_also_after_units_that_gave_up() {
    let (folder, journal) = journal().await;
    let theirs = chain(other(20), (1..=5).map(draft));
    append(&journal, vec![draft(11), draft(12)]).await.unwrap();
    receive(&journal, &theirs[..3]).await;
    let (facts, before) = (theirs.clone(), extent(&journal).await);
    let gave_up = run::<()>(&journal, move |tx| {
        tx.append(vec![draft(13)])?;
        tx.receive(&facts)?;
        Err(nosmoke_ports::StoreError::Failed("given up".into()))
    });
    assert!(gave_up.await.is_err());
    assert_eq!(extent(&journal).await, before);
    assert_eq!(seen(&journal, 14).await, [(id(20), 3)], "what was given up isn't known");
    receive(&journal, &theirs).await;

    let mut all = recorded_here(&journal).await;
    all.extend(theirs);
    assert_eq!(all.len(), 8);
    assert_eq!(extent(&journal).await, sum(&all));
    journal.close().await;
    drop(journal);
    let journal = open(folder.path()).await.unwrap();
    append(&journal, vec![draft(15)]).await.unwrap();
    all.extend(recorded_here(&journal).await.pop());
    assert_eq!(extent(&journal).await, sum(&all));
    assert_ne!(extent(&journal).await.digest, Digest::default());
}

#[tokio::test]
async fn received_facts_know_whether_their_ids_were_there_before() {
    let (_folder, journal) = journal().await;
    let drafts = [about(21, 50, 7), about(22, 50, 7), about(22, 51, 7), about(23, 50, 8), about(22, 52, 8)];
    receive(&journal, &chain(other(20), drafts)).await;
    let changes = look(&journal, |tx| tx.changes(0, 10)).await;
    let novelty: Vec<_> = changes.iter().map(|change| change.recorded.novelty).collect();
    assert_eq!(novelty, [Novelty::New, Novelty::Repeats, Novelty::Collides, Novelty::New, Novelty::New]);
    assert_eq!(changes.iter().map(|change| change.received_at).collect::<Vec<_>>(), [at(0); 5]);
}

async fn found(journal: &SqliteJournal) -> Vec<Profile> {
    let all = SearchQuery { limit: 10, ..SearchQuery::default() };
    look(journal, move |tx| tx.search(&all)).await.into_iter().map(|row| row.profile).collect()
}

#[tokio::test]
async fn a_customer_known_by_facts_alone_is_found_until_a_profile_comes() {
    let (_folder, journal) = journal().await;
    receive(&journal, &chain(other(20), [about(5, 5, 7), about(6, 6, 7)])).await;
    let known_by_facts = Profile {
        customer_id: customer(7),
        revision: 0,
        event_id: EventId(Uuid::nil()),
        base_revision: 0,
        name: None,
        phone: None,
        card: None,
        registered_at: at(5),
        erased: false,
    };
    assert_eq!(found(&journal).await, std::slice::from_ref(&known_by_facts));
    assert_eq!(look(&journal, |tx| tx.pending_records(10)).await, [], "there is nothing to publish");
    let real = Profile { revision: 1, event_id: EventId(id(1)), name: Some("김민수".into()), ..known_by_facts };
    let put = real.clone();
    run(&journal, move |tx| tx.put_profile(&put, &nosmoke_ports::SearchKeys::default())).await.unwrap();
    receive(&journal, &chain(other(21), [about(8, 8, 7)])).await;
    assert_eq!(found(&journal).await, [real]);
}

#[tokio::test]
async fn customers_with_facts_are_read_in_pages() {
    let (_folder, journal) = journal().await;
    assert_eq!(look(&journal, |tx| tx.customers_with_facts(None, 10)).await, []);
    let drafts = (1..=9).flat_map(|of| (0..3).map(move |n| about(of * 10 + n, of * 10 + n, of)));
    receive(&journal, &chain(other(20), drafts)).await;
    let (mut read, mut after) = (Vec::new(), None);
    loop {
        let page = look(&journal, move |tx| tx.customers_with_facts(after, 4)).await;
        let Some(last) = page.last() else { break };
        after = Some(*last);
        read.extend(page);
    }
    assert_eq!(read, (1..=9).map(customer).collect::<Vec<_>>());
}

#[tokio::test]
async fn facts_made_anew_of_their_bytes_come_by_customer_in_blocks_and_none_newer() {
    let (_folder, journal) = journal().await;
    let of = [(1, 8), (2, 5), (3, 7), (4, 6), (5, 5), (6, 7)].map(|(event, of)| about(event, event, of));
    let facts = chain(other(20), of);
    receive(&journal, &facts).await;
    append(&journal, vec![about(7, 7, 5)]).await.unwrap();
    for block in [1, 2, 4, 100] {
        let (mut found, mut after) = (Vec::new(), (customer(5), 0));
        loop {
            let rows = look(&journal, move |tx| tx.rehashed(after, customer(7), 6, block)).await;
            let Some(row) = rows.last() else { break };
            after = (row.customer_id, row.change_seq);
            found.extend(rows.iter().map(|row| (row.customer_id, row.hash)));
        }
        let all = [1, 4, 3, 2, 5].map(|n: usize| (facts[n].fact.customer_id, facts[n].hash));
        assert_eq!(found, all, "in blocks of {block}");
    }
}
