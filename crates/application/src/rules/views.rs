//! Stored sets and their differences as the screens show them.

use std::collections::BTreeMap;

use nosmoke_domain::rules::{RuleChange, Rules, changes};
use nosmoke_ports::contract::{PublicationView, RuleChangeView, RuleSetState, RuleSetView};
use nosmoke_reading::names::Names;
use nosmoke_reading::rule_sets::RuleSet;

/// Returns what differs between two sets.
pub(crate) fn change_views(before: &Rules, after: &Rules) -> Vec<RuleChangeView> {
    let view = |RuleChange { field, before, after }| RuleChangeView { field, before, after };
    changes(before, after).into_iter().map(view).collect()
}

/// Returns all sets as the screens show them, from sets in the order of [`nosmoke_reading::rule_sets::all`].
pub(crate) fn set_views(sets: &[RuleSet], names: &Names) -> Vec<RuleSetView> {
    let by_id: BTreeMap<_, _> = sets.iter().filter_map(|set| Some((set.id?, &set.rules))).collect();
    let newest = sets.first().map(|set| set.rules.generation);
    let mut before = None;
    let mut views = Vec::with_capacity(sets.len());
    for set in sets {
        let generation = set.rules.generation;
        let state = match before {
            Some(before) if before == generation => RuleSetState::Beaten,
            _ if Some(generation) == newest => RuleSetState::InForce,
            _ => RuleSetState::Earlier,
        };
        before = Some(generation);
        let base = set.published.as_ref().map(|published| match published.base {
            Some(base) => by_id.get(&base).copied().cloned(),
            None => Some(Rules::default()),
        });
        views.push(RuleSetView {
            id: set.id,
            generation,
            state,
            publication: set.published.as_ref().map(|published| PublicationView {
                at: published.at.timestamp_millis(),
                by: names.recorder(published.by.id()),
                terminal_name: names.terminal_named(published.terminal_id),
                reason: published.reason.clone(),
                to_present: published.to_present,
            }),
            changes: base.flatten().map(|base| change_views(&base, &set.rules)).unwrap_or_default(),
            needs_update: set.not_understood.clone(),
        });
    }
    views
}
