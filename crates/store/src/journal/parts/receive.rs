//! Facts that come from the log: in any order, repeated, own and of others.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::{Fact, Sealed};
use nosmoke_domain::ids::{IncarnationId, TerminalId};
use nosmoke_ports::{Received, StoreError};

use super::{facts, pending, profiles};
use crate::journal::chain::state::{Chain, advance};
use crate::raw::{Raw, binds};
use crate::words::{amount, unsigned};

/// An incarnation of which this batch holds something new.
struct Met {
    terminal: TerminalId,
    /// Its highest seq here, beyond gaps too: above it no fact can be a fork's other one.
    highest: u64,
}

pub(crate) fn receive(
    raw: &mut Raw<'_>,
    chain: &mut Chain,
    batch: &[Sealed],
    now: DateTime<Utc>,
) -> Result<Received, StoreError> {
    let mut received = Received::default();
    let mut met = BTreeMap::new();
    let mut customers = BTreeSet::new();
    for sealed in batch {
        let Fact { origin, seq, customer_id, occurred_at, .. } = sealed.fact;
        if customers.insert(customer_id) {
            profiles::put_placeholder(raw, customer_id, occurred_at)?;
        }
        let own = chain.is_own(origin.incarnation);
        // What comes of our own was nearly always sent from here: looking for it costs less than trying to insert it.
        if own && pending::read_back(raw, own, sealed.hash)? {
            continue;
        }
        let change_seq = chain.last_change + 1;
        if !facts::insert(raw, change_seq, sealed, now)? {
            if !own {
                pending::read_back(raw, own, sealed.hash)?;
            }
            continue;
        }
        received.added += 1;
        chain.count(sealed);
        let known = match met.entry(origin.incarnation) {
            std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::btree_map::Entry::Vacant(place) => {
                let highest = highest_before(raw, origin.incarnation, change_seq)?;
                place.insert(Met { terminal: origin.terminal_id, highest })
            }
        };
        if seq <= known.highest && is_taken(raw, origin.incarnation, seq, change_seq)? {
            if facts::put_fork(raw, origin.incarnation)? {
                received.forked.push(origin.incarnation);
            }
        } else if own {
            received.own_ahead = true;
        }
        known.highest = known.highest.max(seq);
    }
    for (incarnation, Met { terminal, .. }) in met {
        let head = advance(raw, incarnation, terminal)?;
        if head > 0 && !chain.is_own(incarnation) && chain.seen.get(&incarnation) != Some(&head) {
            Arc::make_mut(&mut chain.seen).insert(incarnation, head);
        }
    }
    if received.added > 0 {
        chain.tally.store(raw)?;
    }
    Ok(received)
}

fn highest_before(raw: &mut Raw<'_>, incarnation: IncarnationId, change_seq: i64) -> Result<u64, StoreError> {
    let highest = raw.row(
        "SELECT seq FROM fact WHERE incarnation = ?1 AND change_seq < ?2 ORDER BY seq DESC LIMIT 1",
        binds![incarnation.0, change_seq],
        |row| unsigned(row.int(0)),
    )?;
    Ok(highest.unwrap_or_default())
}

/// Whether an earlier fact has this place in the chain.
fn is_taken(raw: &mut Raw<'_>, incarnation: IncarnationId, seq: u64, change_seq: i64) -> Result<bool, StoreError> {
    let taken = raw.row(
        "SELECT 1 FROM fact WHERE incarnation = ?1 AND seq = ?2 AND change_seq < ?3 LIMIT 1",
        binds![incarnation.0, amount(seq)?, change_seq],
        |_| Ok(()),
    )?;
    Ok(taken.is_some())
}
