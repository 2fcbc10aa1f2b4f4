//! Queries and settings of the rules: the editor with this terminal's draft, and the stored sets.

use nosmoke_ports::contract::{
    AppError, DraftView, ErrorCode, RuleSetState, RuleSetView, RuleSetsPage, RulesEditor, RulesForm,
};
use nosmoke_ports::{Priority, Read, StoreError, Write, read, write};
use nosmoke_reading::names::Names;
use nosmoke_reading::rule_sets::{self, RuleSet};

use super::Queries;
use crate::revising;
use crate::rules::{Draft, change_views, form_of, parse, set_views};

/// The sets of one page.
const SETS_PAGE: usize = 20;
/// Upper bound for the JSON of a draft, in bytes.
const DRAFT_MAX_BYTES: usize = 64 * 1024;

impl Queries {
    /// Returns the rules as a manager edits them, with this terminal's draft.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn rules_editor(&self) -> Result<RulesEditor, AppError> {
        Ok(read::<_, StoreError>(&*self.core.journal, |tx| editor(tx)).await?)
    }

    /// Keeps a draft at this terminal, with whatever is wrong with it.
    ///
    /// # Errors
    /// `too_long` for one with far more entries than any set has, or an error of the store.
    pub async fn save_rules_draft(&self, form: RulesForm) -> Result<RulesEditor, AppError> {
        let size = serde_json::to_vec(&form).map_or(usize::MAX, |json| json.len());
        if size > DRAFT_MAX_BYTES {
            let params = serde_json::json!({ "field": "form", "max": DRAFT_MAX_BYTES });
            return Err(AppError::with(ErrorCode::TooLong, params));
        }
        self.put_draft(Some(form)).await
    }

    /// Removes this terminal's draft.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn discard_rules_draft(&self) -> Result<RulesEditor, AppError> {
        self.put_draft(None).await
    }

    async fn put_draft(&self, form: Option<RulesForm>) -> Result<RulesEditor, AppError> {
        let now = self.core.clock.now();
        let unit = move |tx: &mut dyn Write| {
            let in_force = rule_sets::in_force(tx)?;
            let begun = Draft::read(tx)?.map(|draft| draft.base);
            let base = begun.unwrap_or(in_force.id);
            let form = form.clone().filter(|form| *form != form_of(&in_force.rules));
            let draft = form.map(|form| Draft { form, base, saved_at: now });
            Draft::put(tx, draft.as_ref())?;
            editor(tx)
        };
        Ok(write::<_, StoreError>(&*self.core.journal, Priority::Command, unit).await?.0)
    }

    /// Returns the stored sets, the newest first, after the first `skipped` ones.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn rule_sets(&self, skipped: Option<u32>) -> Result<RuleSetsPage, AppError> {
        let skipped = usize::try_from(skipped.unwrap_or(0)).unwrap_or(usize::MAX);
        let page = read::<_, StoreError>(&*self.core.journal, move |tx| {
            let names = Names::read(tx)?;
            let sets = set_views(&rule_sets::all(tx)?, &names);
            let next = skipped.saturating_add(SETS_PAGE);
            let next = u32::try_from(next).ok().filter(|_| sets.len() > next);
            Ok(RuleSetsPage { sets: sets.into_iter().skip(skipped).take(SETS_PAGE).collect(), next })
        });
        Ok(page.await?)
    }
}

/// The defaults, which are in force without a stored set.
fn defaults_view(set: &RuleSet) -> RuleSetView {
    RuleSetView {
        id: set.id,
        generation: set.rules.generation,
        state: RuleSetState::InForce,
        publication: None,
        changes: Vec::new(),
        needs_update: Vec::new(),
    }
}

fn editor(tx: &mut dyn Read) -> Result<RulesEditor, StoreError> {
    let names = Names::read(tx)?;
    let set = rule_sets::in_force(tx)?;
    let mut sets = set_views(&rule_sets::all(tx)?, &names);
    sets.retain(|view| view.generation == set.rules.generation);
    let rivals: Vec<RuleSetView> = sets.extract_if(.., |view| view.id != set.id).collect();
    let in_force = sets.pop().unwrap_or_else(|| defaults_view(&set));
    let draft = Draft::read(tx)?;
    let shown =
        draft.as_ref().map(|it| DraftView { saved_at: it.saved_at.timestamp_millis(), outdated: it.base != set.id });
    let form = draft.map_or_else(|| form_of(&set.rules), |draft| draft.form);
    let (changes, problems) = match parse(&form, &set.rules) {
        Ok(rules) => (change_views(&set.rules, &rules), Vec::new()),
        Err(problems) => (Vec::new(), problems),
    };
    let revision = revising::view(tx)?;
    let known_codes = set.rules.codes.iter().map(|rule| rule.code.to_string()).collect();
    let known_grounds = set.rules.grounds.iter().map(|rule| rule.ground.to_string()).collect();
    Ok(RulesEditor { in_force, rivals, known_codes, known_grounds, form, draft: shown, problems, changes, revision })
}
