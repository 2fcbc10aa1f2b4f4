//! Parses the typed fields of a form, and collects what is wrong with them.

use std::ops::RangeInclusive;

use nosmoke_domain::days::Days;
use nosmoke_domain::points::Points;
use nosmoke_domain::rules::Labels;
use nosmoke_ports::contract::{RuleProblem, RuleProblemKind};

/// Upper bound for the name of a code or ground, in characters.
const LABEL_MAX: usize = 40;

/// The problems found so far.
#[derive(Debug, Default)]
pub(super) struct Problems(pub(super) Vec<RuleProblem>);

impl Problems {
    pub(super) fn add(&mut self, field: impl Into<String>, kind: RuleProblemKind) {
        self.0.push(RuleProblem { field: field.into(), kind, min: None, max: None });
    }

    pub(super) fn add_bounds(&mut self, field: impl Into<String>, kind: RuleProblemKind, bounds: &RangeInclusive<u64>) {
        let (min, max) = (Some(*bounds.start()), Some(*bounds.end()));
        self.0.push(RuleProblem { field: field.into(), kind, min, max });
    }

    /// Parses a whole number; thousands may be parted by commas, as the screens show them.
    pub(super) fn whole(&mut self, field: &str, text: &str, bounds: &RangeInclusive<u64>) -> Option<u64> {
        let digits: String = text.trim().chars().filter(|c| *c != ',').collect();
        if digits.is_empty() {
            self.add(field, RuleProblemKind::Empty);
            return None;
        }
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            self.add_bounds(field, RuleProblemKind::NotWhole, bounds);
            return None;
        }
        // More digits than fit are out of every range.
        let number = digits.parse::<u64>().ok().filter(|number| bounds.contains(number));
        if number.is_none() {
            self.add_bounds(field, RuleProblemKind::OutOfRange, bounds);
        }
        number
    }

    pub(super) fn points(&mut self, field: &str, text: &str, bounds: &RangeInclusive<u64>) -> Option<Points> {
        self.whole(field, text, bounds).and_then(|points| Points::new(points).ok())
    }

    pub(super) fn small(&mut self, field: &str, text: &str, bounds: &RangeInclusive<u64>) -> Option<u32> {
        self.whole(field, text, bounds).and_then(|number| u32::try_from(number).ok())
    }

    pub(super) fn days(&mut self, field: &str, text: &str, bounds: &RangeInclusive<u64>) -> Option<Days> {
        self.small(field, text, bounds).and_then(|days| Days::new(days).ok())
    }

    /// Parses the names of a code or ground: both or, if the screens have names for it, none.
    pub(super) fn labels(&mut self, path: &str, (ko, en): (&str, &str), is_known: bool) -> Option<(String, String)> {
        if is_known && ko.trim().is_empty() && en.trim().is_empty() {
            return None;
        }
        let mut label = |language: &str, text: &str| {
            let (field, text) = (format!("{path}.{language}"), text.trim());
            if text.is_empty() {
                self.add(field, RuleProblemKind::Empty);
            } else if text.chars().count() > LABEL_MAX {
                self.add_bounds(field, RuleProblemKind::TooLong, &(1..=LABEL_MAX as u64));
            } else if text.chars().any(char::is_control) {
                self.add(field, RuleProblemKind::InvalidText);
            }
            text.to_owned()
        };
        Some((label("ko", ko), label("en", en)))
    }
}

/// Puts new names into the labels of a set, whose unknown fields stay.
pub(super) fn named(kept: Option<Labels>, names: Option<(String, String)>) -> Option<Labels> {
    let (ko, en) = names?;
    let unknown = kept.map(|labels| labels.unknown).unwrap_or_default();
    Some(Labels { ko, en, unknown })
}
