//! Names of staff, terminals and customers for lists.

use std::collections::BTreeMap;

use nosmoke_domain::ids::{CustomerId, IncarnationId, RecorderId, TerminalId};
use nosmoke_domain::points::to_i64;
use nosmoke_ports::contract::{CustomerName, HolderView, UtcMs};
use nosmoke_ports::{CustomerRow, Heard, Profile, Read, ReadProfiles, ReferenceKind, StoreError};
use uuid::Uuid;

use crate::reference::{self, StaffBody, TerminalBody, TokenBody};

/// The name of the token of a terminal's owner, on screens and in exports.
const OWNER_NAME: &str = "owner";

/// The names of all staff and terminals, read once to show a list.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// The names of staff and of tokens.
    recorders: BTreeMap<RecorderId, String>,
    terminals: BTreeMap<TerminalId, String>,
    incarnations: BTreeMap<IncarnationId, TerminalId>,
    heard: BTreeMap<IncarnationId, LastHeard>,
    /// The present incarnation of each terminal.
    present: BTreeMap<TerminalId, IncarnationId>,
    here: Option<TerminalId>,
}

/// What the last heartbeat of an incarnation said.
#[derive(Debug, Clone, Copy)]
struct LastHeard {
    at: UtcMs,
    gives: bool,
}

impl Names {
    /// Reads the names of all staff and terminals.
    ///
    /// # Errors
    /// An error of the store.
    pub fn read(tx: &mut dyn Read) -> Result<Self, StoreError> {
        let mut names = Self::default();
        for reference in tx.references(ReferenceKind::Staff)? {
            let body: StaffBody = reference::body(&reference)?;
            names.recorders.insert(RecorderId(reference.id), body.name);
        }
        for reference in tx.references(ReferenceKind::Token)? {
            let body: TokenBody = reference::body(&reference)?;
            names.recorders.insert(RecorderId(reference.id), body.name);
        }
        for reference in tx.references(ReferenceKind::Terminal)? {
            let body: TerminalBody = reference::body(&reference)?;
            names.terminals.insert(TerminalId(reference.id), body.name);
        }
        names.incarnations = tx.receivers()?;
        names.incarnations.extend(tx.terminals()?);
        names.incarnations.extend(
            tx.incarnations()?.into_iter().map(|incarnation| (incarnation.incarnation, incarnation.terminal_id)),
        );
        if let Some(origin) = tx.origin()? {
            names.present.insert(origin.terminal_id, origin.incarnation);
            names.here = Some(origin.terminal_id);
        }
        Ok(names.hearing(tx.heard()?))
    }

    /// Replaces what is known of heartbeats by newer ones, in the journal's order: the journal has one a minute.
    #[must_use]
    pub fn hearing(mut self, heard: Vec<Heard>) -> Self {
        for it in heard {
            self.heard.insert(it.incarnation, LastHeard { at: it.appended_at.timestamp_millis(), gives: it.gives });
            self.incarnations.insert(it.incarnation, it.terminal_id);
            if Some(it.terminal_id) != self.here {
                self.present.insert(it.terminal_id, it.incarnation);
            }
        }
        self
    }

    /// The name of the member of staff or of the token that recorded something; `None` for the program itself.
    pub fn recorder(&self, id: RecorderId) -> Option<String> {
        if id == RecorderId::OWNER { Some(OWNER_NAME.into()) } else { self.recorders.get(&id).cloned() }
    }

    /// The name of the terminal that an incarnation belongs to.
    pub fn terminal(&self, incarnation: IncarnationId) -> Option<String> {
        self.terminal_named(*self.incarnations.get(&incarnation)?)
    }

    pub fn terminal_named(&self, terminal_id: TerminalId) -> Option<String> {
        self.terminals.get(&terminal_id).cloned()
    }

    /// Returns the incarnations with the points that they hold, most points first.
    pub fn holders(&self, holdings: impl IntoIterator<Item = (IncarnationId, i128)>) -> Vec<HolderView> {
        let view = |(incarnation, points): (IncarnationId, i128)| {
            let terminal = self.incarnations.get(&incarnation).copied();
            let heard = self.heard.get(&incarnation);
            let present = terminal.and_then(|terminal| self.present.get(&terminal));
            HolderView {
                terminal_name: terminal.and_then(|id| self.terminal_named(id)),
                points: to_i64(points),
                last_heard_at: heard.map(|heard| heard.at),
                gives: heard.is_some_and(|heard| heard.gives),
                earlier: present.is_some_and(|present| *present != incarnation),
                here: terminal.is_some() && terminal == self.here,
            }
        };
        let mut holders: Vec<HolderView> = holdings.into_iter().map(view).collect();
        holders.sort_by_key(|holder| std::cmp::Reverse(holder.points));
        holders
    }
}

/// Returns a customer's name for lists. If this terminal knows only facts of the customer, `profile` is `None` or an
/// empty placeholder.
pub fn customer_name(customer_id: CustomerId, profile: Option<&Profile>) -> CustomerName {
    CustomerName {
        customer_id,
        name: profile.and_then(|it| it.name.clone()),
        tag: tag_of(customer_id.0),
        unknown_here: profile.is_none_or(|it| it.revision == 0 && !it.erased),
    }
}

/// Returns the first four hexadecimal digits of an id, to tell items without a name apart.
pub fn tag_of(id: Uuid) -> String {
    id.simple().to_string().get(..4).unwrap_or_default().to_uppercase()
}

/// Masks a name for the Sync and Services screens: 추○람, 김○, J○○n.
pub fn masked(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let shown_last = if letters.len() > 2 { letters.last() } else { None };
    let hidden = letters.len().saturating_sub(1 + usize::from(shown_last.is_some()));
    let mut masked: String = letters.iter().take(1).collect();
    masked.extend(std::iter::repeat_n('○', hidden));
    masked.extend(shown_last);
    masked
}

/// Returns the profiles of many customers with the data that lists show, by customer id.
///
/// # Errors
/// An error of the store.
pub fn rows_by_id(
    tx: &mut dyn ReadProfiles,
    ids: impl IntoIterator<Item = CustomerId>,
) -> Result<BTreeMap<CustomerId, CustomerRow>, StoreError> {
    let mut ids: Vec<_> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(tx.customers(&ids)?.into_iter().map(|row| (row.profile.customer_id, row)).collect())
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn a_masked_name_shows_its_first_and_last_letter() {
        for (name, shown) in [("추가람", "추○람"), ("김민", "김○"), ("남궁민수", "남○○수"), ("김", "김"), ("", "")]
        {
            assert_eq!(masked(name), shown);
        }
    }
}
