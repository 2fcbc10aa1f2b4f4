//! The draft, its problems, publishing, and sets that contradict each other or that a newer program wrote.

use nosmoke_application::permission::Caller;
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{ErrorCode, Outcome, RuleProblemKind, RuleSetState};
use nosmoke_ports::{Priority, RandomIds, ReferenceKind, StoreError, Write, read, write};
use nosmoke_reading::reference;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{levels, publish};
use crate::support::Desk;

async fn put_set(desk: &Desk, body: Value) {
    let now = nosmoke_ports::Clock::now(&*desk.clock);
    let unit =
        move |tx: &mut dyn Write| reference::put(tx, &RandomIds, now, (ReferenceKind::Rules, Uuid::new_v4()), &body);
    write::<_, StoreError>(&*desk.terminal.core.journal, Priority::Command, unit).await.unwrap();
}

/// Copies the rule sets of one terminal to another, as replication does.
async fn send_sets(from: &Desk, to: &Desk) {
    let sets = read::<_, StoreError>(&*from.terminal.core.journal, |tx| tx.references(ReferenceKind::Rules));
    let sets = sets.await.unwrap();
    let unit = move |tx: &mut dyn Write| sets.iter().try_for_each(|set| tx.put_reference(set));
    write::<_, StoreError>(&*to.terminal.core.journal, Priority::Background, unit).await.unwrap();
}

#[tokio::test]
async fn a_draft_stays_at_the_terminal_until_it_is_published() {
    let desk = Desk::new().await;
    let before = desk.terminal.queries.rules_editor().await.unwrap();
    assert_eq!((before.in_force.generation, before.draft, before.changes.len()), (1, None, 0));
    let mut form = before.form.clone();
    form.points_per_visit = "12x".into();
    form.levels[0].at = "10".into();
    form.daily_cap = Some("1,000".into());
    let drafted = desk.terminal.queries.save_rules_draft(form.clone()).await.unwrap();
    let problems: Vec<_> = drafted.problems.iter().map(|it| (it.field.as_str(), it.kind)).collect();
    let expected = [("pointsPerVisit", RuleProblemKind::NotWhole), ("levels.0.at", RuleProblemKind::NotAbove)];
    assert_eq!(problems, expected);
    let desk = desk.restart().await;
    let kept = desk.terminal.queries.rules_editor().await.unwrap();
    assert_eq!((&kept.form, kept.draft.map(|draft| draft.outdated)), (&form, Some(false)));
    let give = |base: Option<Uuid>, form: &_, reason: &str| {
        desk.give(json!({ "type": "publishRules", "base": base, "form": form, "reason": reason, "toPresent": false }))
    };
    let base = kept.in_force.id;
    let refused = give(base, &form, "올해 기준").await.unwrap_err();
    assert_eq!(
        (refused.code, refused.params["problems"][0]["field"].as_str()),
        (ErrorCode::RulesInvalid, Some("pointsPerVisit"))
    );

    form.points_per_visit = "120".into();
    form.levels[0].at = "45".into();
    let drafted = desk.terminal.queries.save_rules_draft(form.clone()).await.unwrap();
    let changes: Vec<_> = drafted.changes.iter().map(|it| (it.field.as_str(), it.after.clone())).collect();
    assert_eq!(
        changes,
        [
            ("daily_cap", Some(json!(1000))),
            ("levels.prohibit.1.at", Some(json!(45))),
            ("points_per_visit", Some(json!(120)))
        ]
    );
    assert_eq!(give(base, &form, " ").await.unwrap_err().code, ErrorCode::Empty);
    assert_eq!(give(None, &form, "올해 기준").await.unwrap_err().code, ErrorCode::RulesChanged);
    let facts = desk.facts().await;
    assert_eq!(give(base, &form, "올해 기준").await.unwrap(), Outcome::RulesPublished { generation: 2 });
    assert_eq!(desk.facts().await, facts, "publishing records no fact");

    let after = desk.terminal.queries.rules_editor().await.unwrap();
    assert_eq!((after.in_force.generation, after.draft, after.rivals.len()), (2, None, 0));
    let published = after.in_force.publication.unwrap();
    assert_eq!((published.by.as_deref(), published.reason.as_str()), (Some("박서연"), "올해 기준"));
    assert_eq!(after.in_force.changes, drafted.changes);
    let refused = give(after.in_force.id, &after.form, "다시").await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::RulesUnchanged);
    let sets = desk.terminal.queries.rule_sets(None).await.unwrap();
    let states: Vec<_> = sets.sets.iter().map(|set| (set.generation, set.state)).collect();
    assert_eq!(states, [(2, RuleSetState::InForce), (1, RuleSetState::Earlier)]);
}

#[tokio::test]
async fn only_managers_publish_and_a_published_code_is_in_use() {
    let desk = Desk::new().await;
    let editor = desk.terminal.queries.rules_editor().await.unwrap();
    let mut form = editor.form.clone();
    form.codes[1].retired = true;
    let own = json!({ "code": "LITTER", "points": "7", "ko": "꽁초 투기", "en": "Littering", "retired": false });
    form.codes.push(serde_json::from_value(own).unwrap());
    let command = json!({ "type": "publishRules", "base": editor.in_force.id, "form": form, "reason": "꽁초", "toPresent": false });
    for role in [Role::Staff, Role::Supervisor] {
        let caller: Caller = desk.staff(role).await;
        let request = json!({ "idempotencyKey": Uuid::new_v4().to_string(), "command": command });
        let refused = desk.terminal.commands.record(caller, request).await.unwrap_err();
        assert_eq!((refused.code, refused.params["needed"].as_str()), (ErrorCode::NotAuthorised, Some("manager")));
    }
    // The same key again publishes once.
    let first = desk.give_with_key("once", command.clone()).await.unwrap();
    assert_eq!(
        (desk.give_with_key("once", command).await.unwrap(), first),
        (Outcome::RulesPublished { generation: 2 }, Outcome::RulesPublished { generation: 2 })
    );
    let customer = desk.customer("홍길동").await;
    let impose = |code: &str| json!({ "type": "imposePenalty", "customerId": customer, "code": code });
    assert!(matches!(desk.give(impose("LITTER")).await, Ok(Outcome::PenaltyImposed { points: 7, .. })));
    assert_eq!(desk.refused(impose("REPEAT")).await, ErrorCode::InvalidInput);
    // A code that the next form lacks stays, retired.
    publish(&desk, false, |form| form.codes.retain(|code| code.code != "LITTER")).await.unwrap();
    let codes = desk.terminal.queries.rules_editor().await.unwrap().form.codes;
    let codes: Vec<_> = codes.iter().map(|code| (code.code.as_str(), code.retired)).collect();
    assert_eq!(codes, [("BASIC", false), ("REPEAT", true), ("AGGRAVATED", false), ("LITTER", true)]);
}

#[tokio::test]
async fn two_sets_of_one_generation_are_a_conflict_that_the_next_set_ends() {
    let one = Desk::new().await;
    let other = one.beside().await;
    let form = one.terminal.queries.rules_editor().await.unwrap().form;
    let early =
        json!({ "type": "publishRules", "base": null, "form": form, "reason": "이른 변경", "toPresent": false });
    assert_eq!(other.refused(early).await, ErrorCode::StillReading);
    send_sets(&one, &other).await;
    assert_eq!(publish(&one, false, levels("20", "60")).await.unwrap(), 2);
    assert_eq!(publish(&other, false, levels("20", "70")).await.unwrap(), 2);
    send_sets(&one, &other).await;
    send_sets(&other, &one).await;

    let (here, there) =
        (one.terminal.queries.rules_editor().await.unwrap(), other.terminal.queries.rules_editor().await.unwrap());
    assert_eq!(
        (here.in_force.id, here.rivals.len(), here.rivals[0].state),
        (there.in_force.id, 1, RuleSetState::Beaten)
    );
    assert_ne!(here.in_force.id, here.rivals[0].id);
    assert_eq!(publish(&one, false, |_| ()).await.unwrap(), 3, "unchanged rules end a conflict");
    send_sets(&one, &other).await;
    let ended = other.terminal.queries.rules_editor().await.unwrap();
    assert_eq!((ended.in_force.generation, ended.rivals.len(), ended.form), (3, 0, here.form));
    assert_eq!(other.terminal.queries.rule_sets(None).await.unwrap().sets.len(), 4);
}

#[tokio::test]
async fn what_a_newer_program_published_needs_an_update_and_survives_the_next_set() {
    let desk = Desk::new().await;
    let newer = json!({
        "generation": 5,
        "points_per_visit": 80,
        "lapse": { "weeks": 3 },
        "codes": [{ "code": "BASIC", "points": 12 }, { "code": "FIRE", "points": { "by_hour": 3 } }],
        "quiet_hours": [22, 6],
    });
    put_set(&desk, newer.clone()).await;
    // Commands go on with the fields that are understood.
    let customer = desk.customer("홍길동").await;
    let imposed = desk.give(json!({ "type": "imposePenalty", "customerId": customer })).await;
    assert!(matches!(imposed, Ok(Outcome::PenaltyImposed { points: 12, .. })), "{imposed:?}");
    let editor = desk.terminal.queries.rules_editor().await.unwrap();
    assert_eq!(editor.in_force.needs_update, ["codes.FIRE", "lapse"]);
    assert_eq!(publish(&desk, false, |form| form.points_per_visit = "90".into()).await.unwrap(), 6);
    let sets = read::<_, StoreError>(&*desk.terminal.core.journal, |tx| tx.newest_rules()).await.unwrap();
    let body: Value = serde_json::from_str(&sets[0].body).unwrap();
    assert_eq!((&body["points_per_visit"], &body["lapse"]), (&json!(90), &newer["lapse"]));
    assert_eq!((&body["codes"][1], &body["quiet_hours"]), (&newer["codes"][1], &newer["quiet_hours"]));
}
