//! Names of staff, terminals and customers for lists.

use std::collections::{BTreeMap, BTreeSet};

use nosmoke_domain::ids::{CustomerId, IncarnationId, RecorderId, TerminalId};
use nosmoke_domain::points::to_i64;
use nosmoke_ports::contract::{CustomerName, HolderView, UtcMs};
use nosmoke_ports::{CustomerRow, Heard, Profile, Read, ReadProfiles, ReferenceKind, StoreError};
use unicode_normalization::UnicodeNormalization as _;
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
        for reference in tx.references(ReferenceKind::Terminal)? {
            let body: TerminalBody = reference::body(&reference)?;
            names.terminals.insert(TerminalId(reference.id), body.name);
        }
        let tokens: Result<Vec<(Uuid, TokenBody)>, StoreError> = tx
            .references(ReferenceKind::Token)?
            .into_iter()
            .map(|reference| Ok((reference.id, reference::body(&reference)?)))
            .collect();
        let tokens = told_apart(&tokens?, &names);
        names.recorders.extend(tokens.into_iter().map(|(id, name)| (RecorderId(id), name)));
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

/// Returns the names of tokens, each with its terminal's name behind it if another token or a member of staff has the same
/// name; with a part of its id if the terminal's name doesn't tell them apart either.
fn told_apart(tokens: &[(Uuid, TokenBody)], names: &Names) -> Vec<(Uuid, String)> {
    let mut named: BTreeMap<&str, Vec<Option<String>>> = BTreeMap::new();
    for (_, TokenBody { name, terminal_id }) in tokens {
        named.entry(name).or_default().push(names.terminal_named(*terminal_id));
    }
    let staff: BTreeSet<&String> = names.recorders.values().collect();
    let shown = |(id, TokenBody { name, terminal_id }): &(Uuid, TokenBody)| {
        let terminals = named.get(name.as_str()).map(Vec::as_slice).unwrap_or_default();
        if terminals.len() < 2 && !staff.contains(name) {
            return (*id, name.clone());
        }
        let own = names.terminal_named(*terminal_id);
        let is_only_one_there = terminals.iter().filter(|terminal| **terminal == own).count() == 1;
        let further = own.filter(|_| is_only_one_there).unwrap_or_else(|| tag_of(*id));
        (*id, format!("{name} · {further}"))
    };
    tokens.iter().map(shown).collect()
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

/// Masks a name for slips and the Sync and Services screens: 추○람, 김○, J○○n. A name in decomposed letters is composed first,
/// because the parts of a syllable are no letters.
pub fn masked(name: &str) -> String {
    let letters: Vec<char> = name.nfc().collect();
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
    use super::*;

    fn token(id: u128, name: &str, terminal: u128) -> (Uuid, TokenBody) {
        (
            Uuid::from_u128(id << 112),
            TokenBody { name: name.into(), terminal_id: TerminalId(Uuid::from_u128(terminal)) },
        )
    }

    #[test]
    fn tokens_of_one_name_are_told_apart_by_their_terminal_or_their_id() {
        let mut names = Names::default();
        for (id, name) in [(1, "1번 단말"), (2, "2번 단말")] {
            names.terminals.insert(TerminalId(Uuid::from_u128(id)), name.into());
        }
        names.recorders.insert(RecorderId(Uuid::from_u128(9)), "김민수".into());
        let tokens = [
            token(0xA001, "키오스크", 1),
            token(0xA002, "키오스크", 2),
            token(0xA003, "자판기", 1),
            token(0xA004, "출입문", 1),
            token(0xA005, "출입문", 1),
            token(0xA006, "게시판", 7),
            token(0xA007, "게시판", 2),
            token(0xA008, "김민수", 2),
        ];
        let shown: Vec<String> = told_apart(&tokens, &names).into_iter().map(|(_, name)| name).collect();
        assert_eq!(
            shown,
            [
                "키오스크 · 1번 단말",
                "키오스크 · 2번 단말",
                "자판기",
                "출입문 · A004",
                "출입문 · A005",
                "게시판 · A006",
                "게시판 · 2번 단말",
                "김민수 · 2번 단말",
            ]
        );
    }

    #[test]
    fn a_masked_name_shows_its_first_and_last_letter() {
        for (name, shown) in [("추가람", "추○람"), ("김민", "김○"), ("남궁민수", "남○○수"), ("김", "김"), ("", "")]
        {
            assert_eq!(masked(name), shown);
            let decomposed: String = name.nfd().collect();
            assert_eq!(masked(&decomposed), shown);
        }
    }
}
