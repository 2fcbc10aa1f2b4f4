/**
 * Mistakes that a programmer might make, each as a change of one place in the program. `find` stands exactly once in
 * `file`. `found` is how the tests must notice it: `simulate` (the simulator breaks an invariant) or the filter of unit
 * tests or suites, of which at least one must fail.
 */
const runtime = 'crates/runtime/src';
const application = 'crates/application/src';
const reading = 'crates/reading/src';
const replication = 'crates/replication/src';
const domain = 'crates/domain/src';
const SIMULATE = { by: 'simulate' };
const tests = (filter) => ({ by: 'tests', filter });
const suites = (filter) => ({ by: 'suites', filter });

export const MUTANTS = [
  {
    name: 'who asked waits for ever, so requests of others are blocked',
    file: `${runtime}/points_requests.rs`,
    find: '                state.own.remove(&customer);',
    replace: '                let _ = customer;',
    found: SIMULATE,
  },
  {
    name: "points are handed over to a hub that isn't heard",
    file: `${application}/workers/handing_over.rs`,
    find: 'Some(*hub) != here && self.core.heard.is_heard(*hub, now)',
    replace: 'Some(*hub) != here && now >= Duration::ZERO',
    found: SIMULATE,
  },
  {
    name: 'points are handed over although they may be needed',
    file: `${application}/workers/hub_state.rs`,
    find: '(now.saturating_sub(*at) >= REST_BEFORE_HANDING_OVER).then_some(*customer)',
    replace: '(now >= *at).then_some(*customer)',
    found: SIMULATE,
  },
  {
    name: 'an incarnation that was reclaimed from goes on',
    file: `${replication}/steps/consumer.rs`,
    find: '                    end(tx, &reclaim.fact, &*ids, clock.now())?;',
    replace: '                    let _ = (end, reclaim);',
    found: SIMULATE,
  },
  {
    name: "an ended incarnation doesn't earn for its check-outs",
    file: `${application}/workers/earning.rs`,
    find: 'filter(|exit| own.contains(&exit.incarnation)) else { continue };',
    replace: 'filter(|exit| exit.incarnation == *here) else { continue };',
    found: SIMULATE,
  },
  {
    name: 'an ended incarnation keeps what it held',
    file: `${replication}/incarnations/ending.rs`,
    find: '    HandingOn::put(tx, Some(HandingOn::default()))?;',
    replace: '    HandingOn::put(tx, None)?;',
    found: SIMULATE,
  },
  {
    name: 'an ended incarnation keeps what it receives later',
    file: `${application}/workers/earning.rs`,
    find: '        Recording { rules, present, ids }.hand_on(tx, customer)?;',
    replace: '        let _ = (rules, present, ids, customer);',
    found: SIMULATE,
  },
  {
    name: 'a request is answered once only',
    file: `${domain}/point/decide.rs`,
    find: 'held.above_zero().min(request.points.sum() - given)',
    replace: 'held.above_zero().min(if given > 0 { 0 } else { request.points.sum() })',
    found: tests('a_holder_gives_what_a_request_still_lacks'),
  },
  {
    name: 'who waits gives to all',
    file: `${runtime}/points_requests.rs`,
    find: 'own.is_some_and(|own| own < open.order)',
    replace: 'own.is_some_and(|own| own < open.order && own > own)',
    found: SIMULATE,
  },
  {
    name: 'who waits gives to nobody',
    file: `${runtime}/points_requests.rs`,
    find: 'own.is_some_and(|own| own < open.order)',
    replace: 'own.is_some() || self.own.contains_key(&open.customer)',
    found: SIMULATE,
  },
  {
    name: "a request isn't withdrawn",
    file: `${runtime}/points_requests.rs`,
    find: '            state.send(RequestMessage::Withdraws { customer, request });',
    replace: '            let _ = request;',
    found: tests('who_waits_gives_only_to_requests'),
  },
  {
    name: 'silence is judged per terminal',
    file: `${replication}/incarnations/reclaim.rs`,
    find: 'heard.first().filter(|_| incarnations.is_empty())',
    replace: 'heard.first()',
    found: SIMULATE,
  },
  {
    name: "silence is taken for granted while own heartbeats don't come back",
    file: `${runtime}/heard.rs`,
    find: 'state.unbroken_since.filter(|_| !state.is_broken(now)) else { return Duration::ZERO }',
    replace: 'state.unbroken_since.or(Some(Duration::ZERO)) else { return Duration::ZERO }',
    found: tests('silence_counts_only'),
  },
  {
    name: 'silence is checked once only',
    file: `${application}/jobs/reclaim.rs`,
    find: '    loop {\n        let Lost { incarnations, wait } = check_reclaim(terminal, authority, lost).await?;',
    replace:
      '    let first = check_reclaim(terminal, authority, lost).await?;\n    loop {\n        let Lost { incarnations, wait } = first.clone();',
    found: suites('reclaim::a_reclaim_stops'),
  },
  {
    name: 'anyone voids a payment',
    file: `${domain}/pay/decide.rs`,
    find: '    by.check_own(made.incarnation)?;\n    by.check(made.recorder_id, made.recorded_at)?;',
    replace: '    by.check(made.recorder_id, made.recorded_at)?;',
    found: SIMULATE,
  },
  {
    name: 'stale requests are answered',
    file: `${replication}/wire/timely.rs`,
    find: 'const MAX_DELAY: TimeDelta = TimeDelta::seconds(30);',
    replace: 'const MAX_DELAY: TimeDelta = TimeDelta::seconds(300);',
    found: tests('wire::timely'),
  },
  {
    name: 'two calls with one key are both executed',
    file: `${application}/commands/in_flight.rs`,
    find: 'if let Some(flight) = flights.get(key) {',
    replace: 'if let Some(flight) = flights.get(key).filter(|_| key.is_empty()) {',
    found: tests('in_flight'),
  },
  {
    name: 'a standing is published without the day on which a penalty lapses',
    file: `${domain}/point/publish.rs`,
    find: '            last_days.extend(penalty.last_day(&self.penalty_days));',
    replace: '            let _ = penalty.last_day(&self.penalty_days);',
    found: SIMULATE,
  },
  {
    name: 'a payment takes points that never expire, whatever the lots',
    file: `${domain}/published/account_summary.rs`,
    find: 'self.held_here.live(self.today()).take(points).ok_or_else',
    replace: '(points.sum() <= self.payable_here()).then(|| Lots::never(points)).ok_or_else',
    found: SIMULATE,
  },
  {
    name: 'what lapsed is no line of Mypage',
    file: `${reading}/entries/endings.rs`,
    find: '        Self(rows)',
    replace: '        rows.retain(|row| row.kind != EntryKind::Lapsed);\n        Self(rows)',
    found: SIMULATE,
  },
  {
    name: 'a later fact about what had ended changes an earlier line',
    file: `${domain}/point/history.rs`,
    find: 'if last >= self.today { end_of_day(last) } else { at }',
    replace: 'if last >= NaiveDate::MIN { end_of_day(last) } else { at }',
    found: tests('a_history_up_to_a_moment'),
  },
  {
    name: 'Mypage as known here counts what happened by then, whenever it arrived',
    file: `${reading}/moment.rs`,
    find: 'MomentView::AsKnownHere => change.received_at,',
    replace: 'MomentView::AsKnownHere => change.recorded.fact.occurred_at,',
    found: suites('why::'),
  },
  {
    name: 'verdicts are judged by the clock as it is',
    file: `${runtime}/present.rs`,
    find: 'map_or(clock, |measured| measured.correct(clock, up))',
    replace: 'map_or(clock, |measured| measured.correct(clock, up).max(clock).min(clock))',
    found: suites('present_moment::'),
  },
  {
    name: 'a clock that was set right stays corrected',
    file: `${runtime}/present.rs`,
    find: '[corrected, clock].into_iter()',
    replace: '[corrected, corrected].into_iter()',
    found: tests('present::'),
  },
  {
    name: 'what machines record meanwhile answers the question about the clock',
    file: `${application}/clock_check.rs`,
    find: 'Some(Kept::Asked { newest_fact_at }) => newest_fact_at,',
    replace: 'Some(Kept::Asked { .. }) => newest.recorded_at,',
    found: suites('present_moment::'),
  },
  {
    name: 'a heartbeat of the original closes the gap of its copy',
    file: `${replication}/gaps.rs`,
    find: 'if now.saturating_sub(closed_at) >= CLOSED_TIMEOUT {',
    replace: 'if now >= closed_at {',
    found: tests('a_gap_is_filled_although'),
  },
  {
    name: 'a check-out in knowledge of a broken cap is of its case',
    file: `${domain}/review/visit_cases.rs`,
    find: 'other.key < self.key && known.apart(of(self), of(other))',
    replace: 'other.key != self.key && !known.knew(of(self), of(other))',
    found: tests('a_check_out_that_knew_all_others'),
  },
  {
    name: 'a penalty is voided although a paid deduction of it stands',
    file: `${domain}/penalty/decide.rs`,
    find: '    if penalty.has_paid_deduction() {',
    replace: '    if penalty.has_paid_deduction() && penalty.imposed.is_none() {',
    found: tests('a_penalty_is_voided_only_after'),
  },
  {
    name: 'who may still void is named too low',
    file: `${domain}/rules/set.rs`,
    find: '            true => Role::Manager,',
    replace: '            true => Role::Supervisor,',
    found: tests('each_role_has_its_void_window'),
  },
  {
    name: 'a fact that came twice counts twice in the figures of a day',
    file: `${application}/day/report.rs`,
    find: 'of_day.filter(|it| counted.insert(it.recorded.fact.event_id))',
    replace: 'of_day.filter(|it| counted.insert(it.recorded.fact.event_id) || it.change_seq > 0)',
    found: suites('day_close::'),
  },
  {
    name: 'what was recorded on a day is listed as of it',
    file: `${application}/day/report.rs`,
    find: '(from..until).contains(&fact.occurred_at) || is_about()',
    replace: '(from..until).contains(&fact.recorded_at) || is_about()',
    found: suites('day_close::'),
  },
  {
    name: "the program's own facts are listed as done since the close",
    file: `${application}/day/report.rs`,
    find: 'matches!(payload, Payload::Earned(_) | Payload::Given(_) | Payload::Reclaimed(_) | Payload::LevelsRevised(_))',
    replace: 'matches!(payload, Payload::LevelsRevised(_))',
    found: suites('day_close::'),
  },
  {
    name: 'whoever is known here closes days',
    file: `${application}/day/close.rs`,
    find: '                authority.expect(Act::CloseDay)?;',
    replace: '                authority.expect(Act::CloseDay).ok();',
    found: suites('day_close::'),
  },
];
