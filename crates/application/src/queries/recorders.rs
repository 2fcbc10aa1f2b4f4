//! By whom facts can be filtered, for managers.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use nosmoke_domain::fact::Recorder;
use nosmoke_domain::ids::{RecorderId, StaffId, TokenId};
use nosmoke_ports::contract::{Actor, AppError};
use nosmoke_ports::{AccessBy, Read, RecordedQuery, ReferenceKind, StoreError, read};
use nosmoke_reading::names::Names;

use super::Queries;
use super::actors::actor;

impl Queries {
    /// Returns everybody by whom facts can be filtered: the facility's staff, then the owners' token, the tokens of all
    /// terminals, and the program. Staff and tokens come by name; last those that only facts name, because their record
    /// hasn't come here.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn recorders(&self) -> Result<Vec<Actor>, AppError> {
        let (parties, names) =
            read::<_, StoreError>(&*self.core.journal, |tx| Ok((all(tx)?, Names::read(tx)?))).await?;
        let mut actors: Vec<Actor> = parties.into_values().map(|by| actor(by, &names)).collect();
        actors.sort_by_cached_key(place);
        Ok(actors)
    }
}

fn all(tx: &mut dyn Read) -> Result<BTreeMap<RecorderId, AccessBy>, StoreError> {
    let mut parties = BTreeMap::from([
        (RecorderId::OWNER, AccessBy::Token(TokenId::Owner)),
        (RecorderId::PROGRAM, AccessBy::Program),
    ]);
    for staff in tx.references(ReferenceKind::Staff)? {
        parties.insert(RecorderId(staff.id), AccessBy::Staff(StaffId(staff.id)));
    }
    for token in tx.references(ReferenceKind::Token)? {
        parties.insert(RecorderId(token.id), AccessBy::Token(TokenId::Named(token.id)));
    }
    for id in tx.recorders()? {
        if let Entry::Vacant(unknown) = parties.entry(id) {
            unknown.insert(of_its_newest_fact(tx, id)?);
        }
    }
    Ok(parties)
}

/// Only a fact says whether an id without a record is that of a token. Nobody but staff approves.
fn of_its_newest_fact(tx: &mut dyn Read, id: RecorderId) -> Result<AccessBy, StoreError> {
    let query = RecordedQuery { by: Some(id), from: None, until: None, before: None, limit: 1 };
    let newest = tx.recorded_by(&query)?.pop().map(|change| change.recorded.fact.recorded_by);
    Ok(match newest {
        Some(Recorder::Token { id: token, .. }) if token.recorder_id() == id => AccessBy::Token(token),
        _ => AccessBy::Staff(StaffId(id.0)),
    })
}

/// The place of an actor in the list: by kind, then by name, those without one last.
fn place(actor: &Actor) -> (u8, bool, Option<String>) {
    let (kind, name) = match actor {
        Actor::Staff { name, .. } => (0, name),
        Actor::Token { token_id: TokenId::Owner, .. } => (1, &None),
        Actor::Token { name, .. } => (2, name),
        Actor::Program | Actor::Nobody => (3, &None),
    };
    (kind, name.is_none(), name.clone())
}
