//! Names of staff, terminals and customers for lists.

use std::collections::BTreeMap;

use nosmoke_domain::ids::{CustomerId, IncarnationId, StaffId, TerminalId};
use nosmoke_domain::points::to_i64;
use nosmoke_ports::contract::{CustomerName, HolderView, UtcMs};
use nosmoke_ports::{CustomerRow, Profile, Read, ReadProfiles, ReferenceKind, StoreError};
use uuid::Uuid;

use crate::reference::{self, StaffBody, TerminalBody};

/// Names of the staff and of the terminals, read once for a list.
#[derive(Debug, Clone, Default)]
pub struct Names {
    staff: BTreeMap<StaffId, String>,
    terminals: BTreeMap<TerminalId, String>,
    lives: BTreeMap<IncarnationId, TerminalId>,
    heard: BTreeMap<TerminalId, UtcMs>,
}

impl Names {
    /// # Errors
    /// The store's.
    pub fn read(tx: &mut dyn Read) -> Result<Self, StoreError> {
        let mut names = Self::default();
        for reference in tx.references(ReferenceKind::Staff)? {
            let body: StaffBody = reference::body(&reference)?;
            names.staff.insert(StaffId(reference.id), body.name);
        }
        for reference in tx.references(ReferenceKind::Terminal)? {
            let body: TerminalBody = reference::body(&reference)?;
            names.terminals.insert(TerminalId(reference.id), body.name);
        }
        names.lives = tx.terminals()?;
        names.lives.extend(tx.lives()?.into_iter().map(|life| (life.incarnation, life.terminal_id)));
        let heard = tx.heard()?.into_iter();
        names.heard = heard.map(|it| (it.terminal_id, it.received_at.timestamp_millis())).collect();
        Ok(names)
    }

    pub fn staff(&self, id: StaffId) -> Option<String> {
        self.staff.get(&id).cloned()
    }

    /// The name of the terminal that an incarnation is a life of.
    pub fn terminal(&self, incarnation: IncarnationId) -> Option<String> {
        self.terminal_named(*self.lives.get(&incarnation)?)
    }

    pub fn terminal_named(&self, terminal_id: TerminalId) -> Option<String> {
        self.terminals.get(&terminal_id).cloned()
    }

    /// Who holds points, by terminal, most first.
    pub fn holders(&self, holdings: impl IntoIterator<Item = (IncarnationId, i128)>) -> Vec<HolderView> {
        let mut by_terminal: BTreeMap<Option<TerminalId>, i128> = BTreeMap::new();
        for (incarnation, points) in holdings {
            *by_terminal.entry(self.lives.get(&incarnation).copied()).or_default() += points;
        }
        let view = |(terminal, points): (Option<TerminalId>, i128)| HolderView {
            terminal_name: terminal.and_then(|id| self.terminal_named(id)),
            points: to_i64(points),
            last_heard_at: terminal.and_then(|id| self.heard.get(&id).copied()),
        };
        let mut holders: Vec<HolderView> = by_terminal.into_iter().map(view).collect();
        holders.sort_by_key(|holder| std::cmp::Reverse(holder.points));
        holders
    }
}

/// A customer as a list names one; the profile is missing or a mere placeholder where only facts are known here.
pub fn customer_name(customer_id: CustomerId, profile: Option<&Profile>) -> CustomerName {
    CustomerName {
        customer_id,
        name: profile.and_then(|it| it.name.clone()),
        tag: tag_of(customer_id.0),
        unknown_here: profile.is_none_or(|it| it.revision == 0 && !it.erased),
    }
}

/// The first digits of an id, to tell things apart that have no name.
pub fn tag_of(id: Uuid) -> String {
    id.simple().to_string().get(..4).unwrap_or_default().to_uppercase()
}

/// A name as Sync and Services show it: 추○람, 김○, J○○n.
pub fn masked(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let shown_last = if letters.len() > 2 { letters.last() } else { None };
    let hidden = letters.len().saturating_sub(1 + usize::from(shown_last.is_some()));
    let mut masked: String = letters.iter().take(1).collect();
    masked.extend(std::iter::repeat_n('○', hidden));
    masked.extend(shown_last);
    masked
}

/// Rows of many customers by id.
///
/// # Errors
/// The store's.
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
