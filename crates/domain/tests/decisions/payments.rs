//! Decisions of pay: paying, and voiding a payment.

use nosmoke_domain::fact::{CustomerErased, Novelty, Paid, Payload, PaymentVoided};
use nosmoke_domain::fold::{Applied, advance};
use nosmoke_domain::lots::Lots;
use nosmoke_domain::pay::{pay, void};
use nosmoke_domain::refusal::Refusal;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::{PaymentStatus, Role, VoidReason};

use super::history::{HERE, History, THERE, YONDER, at, by, id, p, terminal, window_passed};
use super::penalties::{deducted, imposed, voided as voided_penalty};

fn paid(payment: u128, points: u64) -> Paid {
    Paid::new(id(payment), id(payment + 1000), Lots::never(p(points)), None)
}

fn voided(payment: u128) -> PaymentVoided {
    PaymentVoided { payment_id: id(payment), reason: VoidReason::WRONG_AMOUNT }
}

/// A customer of whom `HERE` holds 100 points and `THERE` 250.
fn earned() -> History {
    History::new().earned(HERE, 0, 1, 100).earned(THERE, 20, 2, 250)
}

fn try_to_pay(history: &History, points: u64) -> Result<Paid, Refusal> {
    pay(&history.account().summary(terminal(HERE), at(0)), p(points), (id(7), id(1007)), None)
}

#[test]
fn f04_a_payment_takes_what_is_held_here() {
    let elsewhere =
        |balance, payable_here| Refusal::HeldElsewhere { balance, payable_here, holders: vec![(terminal(THERE), 250)] };
    let spent = earned().and(HERE, 40, paid(3, 100));
    let overdrawn = earned().and(HERE, 40, paid(3, 101));
    for (history, points, expected) in [
        (earned(), 1, Ok(paid(7, 1))),
        (earned(), 100, Ok(paid(7, 100))),
        (earned(), 101, Err(elsewhere(350, 100))),
        (earned(), 350, Err(elsewhere(350, 100))),
        (earned(), 351, Err(Refusal::InsufficientPoints { balance: 350 })),
        (spent, 1, Err(elsewhere(250, 0))),
        (overdrawn, 1, Err(elsewhere(249, 0))),
        (History::new(), 1, Err(Refusal::InsufficientPoints { balance: 0 })),
        (earned().and(THERE, 40, CustomerErased {}), 1, Err(Refusal::CustomerErased)),
    ] {
        assert_eq!(try_to_pay(&history, points), expected, "{points}");
    }
}

#[test]
fn f05_what_is_paid_is_deducted_from_what_was_earned() {
    let account = earned().and(HERE, 40, paid(3, 30)).and(THERE, 41, paid(4, 50)).account();
    let holdings = &account.holdings;
    assert_eq!((holdings.earned.0, holdings.paid.0, account.balance(at(0))), (350, 80, 270));
    assert_eq!((holdings.held(terminal(HERE)), holdings.held(terminal(THERE))), (70, 200));
}

/// A writer loads an account just after it recorded a void, so that mustn't cost the customer's whole history.
#[test]
fn a_void_is_added_to_a_snapshot_from_the_facts_about_its_item_alone() {
    let items = || {
        let account =
            earned().and(HERE, 40, paid(3, 30)).and(HERE, 41, imposed(4, 20)).and(HERE, 42, deducted(4, 6, 20));
        account.and(HERE, 43, paid(5, 1))
    };
    let voids: [(u128, Payload); 2] = [(3, voided(3).into()), (4, voided_penalty(4).into())];
    for (item, void) in voids {
        let (before, after) = (items(), items().and(HERE, 50, void));
        let mut void = after.facts().last().unwrap().clone();
        void.novelty = Novelty::Repeats;
        let (mut account, mut asked) = (before.account(), Vec::new());
        let applied = advance(&mut account, [&void], |of, _| {
            asked.push(of.as_u128());
            let about = before.facts().iter().filter(|it| it.fact.subject() == Some(of)).cloned();
            Ok::<_, ()>(Some(about.collect()))
        });
        assert_eq!((applied, asked), (Ok(Applied::Done), vec![item]));
        assert_eq!(account, after.account());
    }
}

#[test]
fn n01_a_payment_is_its_deduction() {
    let Ok(paid) = try_to_pay(&earned(), 40) else { panic!("covered") };
    assert_eq!((paid.payment_id(), paid.points(), paid.deduction_id()), (id(7), p(40), id(1007)));
    let json = serde_json::to_value(&paid).unwrap();
    assert_eq!(json["deduction"]["points"], json["points"]);
    assert_eq!(earned().and(HERE, 40, paid).account().balance(at(0)), 310, "nothing else is needed");
}

#[test]
fn f05_a_payment_is_voided_where_it_was_made_and_by_staff_for_a_while() {
    let made = earned().and(HERE, 40, paid(3, 30));
    let voided_there = made.clone().and(THERE, 41, voided(3));
    let voided_here = voided_there.clone().and(HERE, 42, voided(3));
    let passed = || Err(window_passed(40));
    for (history, here, role, minute, expected) in [
        (&made, HERE, Role::Staff, 41, Ok(voided(3))),
        (&made, HERE, Role::Staff, 55, Ok(voided(3))),
        (&made, HERE, Role::Staff, 56, passed()),
        (&made, HERE, Role::Supervisor, 56, Ok(voided(3))),
        (&made, HERE, Role::Manager, 56, Ok(voided(3))),
        (&made, HERE, Role::Staff, 0, Ok(voided(3))),
        (&made, THERE, Role::Manager, 41, Err(Refusal::RecordedElsewhere { incarnation: terminal(HERE) })),
        (&voided_there, HERE, Role::Staff, 43, Ok(voided(3))),
        (&voided_here, HERE, Role::Staff, 43, Err(Refusal::AlreadyVoided)),
        (&voided_here, THERE, Role::Staff, 43, Err(Refusal::AlreadyVoided)),
        (&earned(), HERE, Role::Staff, 43, Err(Refusal::Unknown)),
        (&earned().and(HERE, 40, voided(3)), HERE, Role::Staff, 43, Err(Refusal::Unknown)),
    ] {
        let (payment, reason, rules) = (history.payment(3), VoidReason::WRONG_AMOUNT, Rules::default());
        let result = void(id(3), &payment, reason, &by(&[terminal(here)], role, minute, &rules));
        assert_eq!(result, expected.map(|voided| (voided, terminal(HERE))), "{role:?} at {minute}");
        // An incarnation that ended still voids its payments.
        let ended = void(id(3), &payment, reason, &by(&[terminal(YONDER), terminal(here)], role, minute, &rules));
        assert_eq!(ended, result, "{role:?} at {minute}");
    }
}

#[test]
fn f05_a_void_counts_once_and_only_from_who_made_the_payment() {
    let made = earned().and(HERE, 40, paid(3, 30));
    for (history, balance, status) in [
        (made.clone(), 320, PaymentStatus::Paid),
        (made.clone().and(THERE, 41, voided(3)), 320, PaymentStatus::Paid),
        (made.clone().and(HERE, 41, voided(3)), 350, PaymentStatus::Voided),
        (made.clone().and(HERE, 41, voided(3)).and(HERE, 42, voided(3)), 350, PaymentStatus::Voided),
        (earned().and(HERE, 39, voided(3)).and(HERE, 40, paid(3, 30)), 350, PaymentStatus::Voided),
        (earned().and(HERE, 39, voided(3)), 350, PaymentStatus::Paid),
        // Of two payments with the same id, the earlier one counts.
        (made.clone().and(YONDER, 30, paid(3, 50)), 300, PaymentStatus::Paid),
        (made.and(HERE, 41, voided(3)).and(YONDER, 30, paid(3, 50)), 300, PaymentStatus::Paid),
    ] {
        assert_eq!((history.account().balance(at(0)), history.payment(3).status()), (balance, status));
    }
}
