use std::collections::BTreeSet;

use nosmoke_domain::fact::{Draft, Given, Hash, Novelty, Origin, Reclaimed, Sealed};
use nosmoke_domain::ids::EventId;
use nosmoke_domain::lots::Lots;
use nosmoke_domain::points::Points;
use nosmoke_ports::{Digest, Extent, Journal, Profile, SearchQuery};
use nosmoke_store::SqliteJournal;
use uuid::Uuid;

use crate::support::{
    about, append, at, chain, continued, customer, draft, id, journal, open, origin, other, read_journal, receive,
    recorded_here, run,
};

async fn hashes(journal: &dyn Journal) -> BTreeSet<Hash> {
    read_journal(journal, |tx| tx.changes(0, usize::MAX)).await.into_iter().map(|change| change.recorded.hash).collect()
}

async fn extent(journal: &dyn Journal) -> Extent {
    read_journal(journal, |tx| tx.extent()).await
}

/// Computes the extent of a set of facts without gaps and forks.
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

/// Appends a fact, and returns the event ids of the facts that it names as known.
async fn after(journal: &dyn Journal, n: u128) -> Vec<u128> {
    let fact = append(journal, vec![draft(n)]).await.unwrap().remove(0);
    fact.after.into_iter().map(|event_id| event_id.0.as_u128()).collect()
}

#[tokio::test]
async fn receiving_facts_is_idempotent_and_independent_of_their_order() {
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
        let terminals = read_journal(&journal, |tx| tx.terminals()).await;
        let incarnations =
            [other(20), other(21), origin(10)].map(|incarnation| (incarnation.incarnation, incarnation.terminal_id));
        assert_eq!(terminals, incarnations.into());
        assert_eq!(after(&journal, 200).await, [40, 70]);
        journal.close().await;
        drop(journal);
        let again = open(folder.path()).await.unwrap();
        assert_eq!(after(&again, 201).await, [200]);
    }
}

#[tokio::test]
async fn a_head_stops_at_a_gap_and_advances_when_it_is_filled() {
    let (_folder, journal) = journal().await;
    let facts = chain(other(20), (1..=6).map(draft));
    receive(&journal, &facts[1..3]).await;
    assert_eq!(extent(&journal).await.heads, [].into());
    assert_eq!(read_journal(&journal, |tx| tx.terminals()).await.len(), 2, "known from a later fact");
    assert_eq!(after(&journal, 100).await, [3]);
    receive(&journal, &facts[..1]).await;
    receive(&journal, &facts[4..]).await;
    assert_eq!(extent(&journal).await.heads, [(origin(10).incarnation, 1), (other(20).incarnation, 3)].into());
    assert_eq!(extent(&journal).await.beyond_heads(), 2);
    assert_eq!(after(&journal, 101).await, [6, 100]);
    receive(&journal, &facts[3..4]).await;
    assert_eq!(after(&journal, 102).await, [101], "the fact that was awaited is named already");

    // A chain with facts that haven't arrived has no flaw.
    receive(&journal, &chain(other(21), (50..60).map(draft))[4..]).await;
    let block = journal.verify_chain(None, 100).await.unwrap();
    assert_eq!((block.checked, block.broken), (15, vec![]));
}

#[tokio::test]
async fn two_facts_with_the_same_seq_are_a_fork_and_both_are_stored() {
    let (_folder, journal) = journal().await;
    let mut facts = chain(other(20), (1..=3).map(draft));
    let mut clone = facts[..2].to_vec();
    continued(&mut clone, other(20), [draft(30), draft(31)]);
    let fork = vec![other(20).incarnation];

    assert_eq!(receive(&journal, &facts).await.forked, []);
    let received = receive(&journal, &clone).await;
    assert_eq!((received.added, &received.forked), (2, &fork));
    assert_eq!(receive(&journal, &clone).await.forked, [], "repeated");
    assert_eq!(read_journal(&journal, |tx| tx.forked()).await, fork.iter().copied().collect());
    assert_eq!(extent(&journal).await.facts, 5);
    assert_eq!(extent(&journal).await.heads[&other(20).incarnation], 4);
    assert_eq!(extent(&journal).await.beyond_heads(), 1);

    // A second fork of the same incarnation isn't reported, and facts below the head don't change the head.
    continued(&mut facts, other(20), [draft(4)]);
    assert_eq!(receive(&journal, &facts[3..]).await.forked, []);
    assert_eq!(extent(&journal).await.heads[&other(20).incarnation], 4);
}

#[tokio::test]
async fn a_fork_is_detected_within_a_batch_and_beyond_a_gap() {
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
async fn unknown_own_facts_show_that_the_journal_is_older_than_the_log() {
    let (folder, journal) = journal().await;
    append(&journal, vec![draft(1), draft(2)]).await.unwrap();
    let mut later = recorded_here(&journal).await;
    continued(&mut later, origin(10), (3..=5).map(draft));
    let read_back = receive(&journal, &later[..2]).await;
    assert!(!read_back.own_ahead);

    // The log's partitions are read in any order, so a later fact may arrive first.
    for batch in [&later[4..], &later[3..4]] {
        let received = receive(&journal, batch).await;
        assert!((received.added, received.own_ahead, received.forked.is_empty()) == (1, true, true), "{received:?}");
    }
    // Appending skips the seqs that are taken, before and after a restart; the head stays at the gap.
    assert_eq!(append(&journal, vec![draft(6)]).await.unwrap()[0].seq, 6);
    assert_eq!(extent(&journal).await.heads, [(origin(10).incarnation, 2)].into());
    journal.close().await;
    drop(journal);
    let journal = open(folder.path()).await.unwrap();
    assert_eq!(append(&journal, vec![draft(7)]).await.unwrap()[0].seq, 7);
    assert!(receive(&journal, &later[2..]).await.own_ahead);
    assert_eq!(extent(&journal).await.heads, [(origin(10).incarnation, 7)].into());
    assert!(read_journal(&journal, |tx| tx.forked()).await.is_empty());
}

#[tokio::test]
async fn an_own_fact_with_a_seq_that_is_taken_is_a_fork_and_not_ahead() {
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
async fn the_digest_matches_the_stored_facts_even_after_abandoned_units() {
    let (folder, journal) = journal().await;
    let theirs = chain(other(20), (1..=5).map(draft));
    append(&journal, vec![draft(11), draft(12)]).await.unwrap();
    receive(&journal, &theirs[..3]).await;
    let (facts, before) = (theirs.clone(), extent(&journal).await);
    let abandoned = run::<()>(&journal, move |tx| {
        tx.append(vec![draft(13)])?;
        tx.receive(&facts)?;
        Err(nosmoke_ports::StoreError::Failed("abandoned".into()))
    });
    assert!(abandoned.await.is_err());
    assert_eq!(extent(&journal).await, before);
    assert_eq!(after(&journal, 14).await, [3, 12], "not the facts of the abandoned unit");
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
async fn a_received_fact_s_novelty_depends_on_earlier_ids() {
    let (_folder, journal) = journal().await;
    let drafts = [about(21, 50, 7), about(22, 50, 7), about(22, 51, 7), about(23, 50, 8), about(22, 52, 8)];
    receive(&journal, &chain(other(20), drafts)).await;
    let changes = read_journal(&journal, |tx| tx.changes(0, 10)).await;
    let novelty: Vec<_> = changes.iter().map(|change| change.recorded.novelty).collect();
    assert_eq!(novelty, [Novelty::New, Novelty::Repeats, Novelty::Collides, Novelty::New, Novelty::New]);
    assert_eq!(changes.iter().map(|change| change.received_at).collect::<Vec<_>>(), [at(0); 5]);
}

async fn found(journal: &SqliteJournal) -> Vec<Profile> {
    let all = SearchQuery { limit: 10, ..SearchQuery::default() };
    read_journal(journal, move |tx| tx.search(&all)).await.into_iter().map(|row| row.profile).collect()
}

#[tokio::test]
async fn a_customer_without_a_profile_is_found_as_a_placeholder() {
    let (_folder, journal) = journal().await;
    receive(&journal, &chain(other(20), [about(5, 5, 7), about(6, 6, 7)])).await;
    let known_by_facts = Profile {
        customer_id: customer(7),
        revision: 0,
        event_id: EventId(Uuid::nil()),
        base_revision: 0,
        bases: Vec::new(),
        name: None,
        phone: None,
        card: None,
        registered_at: at(5),
        consent_on: None,
        erased: false,
    };
    assert_eq!(found(&journal).await, std::slice::from_ref(&known_by_facts));
    assert_eq!(read_journal(&journal, |tx| tx.pending_documents(10)).await, [], "there is nothing to publish");
    let real = Profile { revision: 1, event_id: EventId(id(1)), name: Some("김민수".into()), ..known_by_facts };
    let put = real.clone();
    run(&journal, move |tx| tx.put_profile(&put, &nosmoke_ports::SearchKeys::default())).await.unwrap();
    receive(&journal, &chain(other(21), [about(8, 8, 7)])).await;
    assert_eq!(found(&journal).await, [real]);
}

#[tokio::test]
async fn customers_with_facts_are_read_in_pages() {
    let (_folder, journal) = journal().await;
    assert_eq!(read_journal(&journal, |tx| tx.customers_with_facts(None, 10)).await, []);
    let drafts = (1..=9).flat_map(|of| (0..3).map(move |n| about(of * 10 + n, of * 10 + n, of)));
    receive(&journal, &chain(other(20), drafts)).await;
    let (mut read, mut after) = (Vec::new(), None);
    loop {
        let page = read_journal(&journal, move |tx| tx.customers_with_facts(after, 4)).await;
        let Some(last) = page.last() else { break };
        after = Some(*last);
        read.extend(page);
    }
    assert_eq!(read, (1..=9).map(customer).collect::<Vec<_>>());
}

#[tokio::test]
async fn rehashed_facts_come_in_batches_by_customer_up_to_a_change() {
    let (_folder, journal) = journal().await;
    let of = [(1, 8), (2, 5), (3, 7), (4, 6), (5, 5), (6, 7)].map(|(event, of)| about(event, event, of));
    let facts = chain(other(20), of);
    receive(&journal, &facts).await;
    append(&journal, vec![about(7, 7, 5)]).await.unwrap();
    for block in [1, 2, 4, 100] {
        let (mut found, mut after) = (Vec::new(), (customer(5), 0));
        loop {
            let rows = read_journal(&journal, move |tx| tx.rehashed(after, customer(7), 6, block)).await;
            let Some(row) = rows.last() else { break };
            after = (row.customer_id, row.change_seq);
            found.extend(rows.iter().map(|row| (row.customer_id, row.hash)));
        }
        let all = [1, 4, 3, 2, 5].map(|n: usize| (facts[n].fact.customer_id, facts[n].hash));
        assert_eq!(found, all, "in blocks of {block}");
    }
}

#[tokio::test]
async fn customers_of_whom_an_incarnation_was_given_up_are_found() {
    let (_folder, journal) = journal().await;
    let given_up = |event, of, lots: Option<Lots>| {
        let payload = Reclaimed { from: other(20).incarnation, lots }.into();
        Draft { payload, ..about(event, event, of) }
    };
    let lots = Lots::never(Points::ONE);
    let drafts = vec![given_up(1, 7, Some(lots.clone())), given_up(2, 7, Some(lots)), given_up(3, 9, None)];
    append(&journal, drafts).await.unwrap();
    append(&journal, vec![about(4, 4, 8)]).await.unwrap();
    let of = async |customers: &[u128]| {
        let customers = customers.iter().map(|n| customer(*n)).collect();
        read_journal(&journal, move |tx| tx.with_reclaims(&customers)).await
    };
    assert_eq!(of(&[7, 8, 10]).await, [customer(7)].into());
    assert_eq!(of(&[7, 8, 9]).await, [customer(7), customer(9)].into());
    assert_eq!(of(&[8]).await, [].into());
    assert_eq!(of(&[]).await, [].into());
}

#[tokio::test]
async fn an_incarnation_known_only_by_a_gift_counts_as_its_giver_s() {
    let (_folder, journal) = journal().await;
    let gift = |event, to: u128| {
        let payload = Given { to: other(to).incarnation, lots: Lots::never(Points::ONE), request: None }.into();
        Draft { payload, ..about(event, event, 7) }
    };
    let receivers = async || read_journal(&journal, |tx| tx.receivers()).await;
    receive(&journal, &chain(other(20), [gift(1, 21), gift(2, 22), gift(3, 10), gift(4, 20)])).await;
    receive(&journal, &chain(other(23), [gift(5, 21)])).await;
    append(&journal, vec![gift(6, 24)]).await.unwrap();
    let known = |n: u128, of: Origin| (other(n).incarnation, of.terminal_id);
    assert_eq!(
        receivers().await,
        [known(21, other(20)), known(22, other(20)), known(24, origin(10))].into(),
        "neither this one nor those that recorded facts"
    );
    receive(&journal, &chain(other(21), [draft(7)])).await;
    assert_eq!(receivers().await, [known(22, other(20)), known(24, origin(10))].into(), "now it has recorded a fact");
}
