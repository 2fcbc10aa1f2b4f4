import assert from 'node:assert/strict';
import { kafkaForTest } from '../../scripts/lib/kafka.mjs';
import { scenario } from './harness/scenario.mjs';
import { factTypes, joinedTerminal, quickSetUp, record } from './steps.mjs';

const REPLICATION_TIMEOUT = { timeoutMs: 60_000 };
/** More stops than the screen has before its first case. */
const TABS_MAX = 40;

/** Presses Tab until the element has the cursor. */
async function tabTo(desk, selector) {
  const hasCursor = (wanted) => document.activeElement?.matches(wanted) ?? false;
  for (let pressed = 0; pressed < TABS_MAX; pressed += 1) {
    if (await desk.run(hasCursor, selector)) return;
    await desk.press('Tab');
  }
  assert.fail(`Tab doesn't reach ${selector}`);
}

scenario('what_two_terminals_contradict_is_read_and_resolved_by_the_keyboard', async ({ launch, folder }) => {
  const kafka = await kafkaForTest();
  let other;
  try {
    const desk = await launch();
    await quickSetUp(desk);
    await desk.openScreen('connections');
    await desk.type('connection-servers', kafka.servers);
    await desk.click('connection-save');
    await desk.waitFor('[data-testid="sync-chip"][data-state="online"]', REPLICATION_TIMEOUT);
    const joined = await joinedTerminal(desk, { folder: folder('b'), servers: kafka.servers });
    ({ other } = joined);
    const { areaId } = joined;
    const register = async (name) => {
      const { customerId } = await record(desk, { type: 'registerCustomer', profile: { name } });
      return customerId;
    };
    const [overlapping, deducted] = [await register('겹친 사람'), await register('두 번 차감한 사람')];
    const { penaltyId } = await record(desk, { type: 'imposePenalty', customerId: deducted, points: 20 });
    await desk.until(
      async () => (await other.ask({ do: 'view' })).facts === 1,
      'the other terminal has the fact',
      REPLICATION_TIMEOUT,
    );

    // While the cluster doesn't answer, both record the same two acts.
    kafka.freeze();
    for (const command of [
      { type: 'checkIn', customerId: overlapping, areaId },
      { type: 'deductPenalty', penaltyId, ground: 'service', points: 15 },
    ]) {
      await record(desk, command);
      await other.give(command);
    }
    kafka.thaw();

    await desk.press('Ctrl+K');
    await desk.waitFor('palette-search');
    await desk.type('palette-search', '검토함');
    await desk.press('Enter');
    await desk.waitFor('review-screen');
    await desk.waitGone('palette-search');
    const reasons = ['overlapping_visits', 'deducted_too_much'];
    for (const reason of reasons)
      await desk.waitFor(`[data-testid="case"][data-reason="${reason}"]`, REPLICATION_TIMEOUT);
    await desk.until(
      async () => (await other.ask({ do: 'review_count' })) === reasons.length,
      'the other terminal shows as many cases',
      REPLICATION_TIMEOUT,
    );
    await desk.screenshot('cases');
    for (const reason of reasons) {
      const one = `[data-testid="case"][data-reason="${reason}"]`;
      await tabTo(desk, `${one} [data-testid="case-open"]`);
      await desk.press('Enter');
      await desk.waitFor(`${one} [data-testid="case-accepted"]`);
      const told = await desk.text(one);
      for (const terminal of ['단말 1', '단말 2']) assert.ok(told.includes(terminal), told);
      await tabTo(desk, `${one} [data-testid="case-accepted"]`);
      await desk.press('Enter');
      await desk.waitForCursor('case-confirm-submit');
      await desk.press('Enter');
      await desk.waitGone(one);
    }
    await desk.waitFor('review-to-desk');
    await desk.screenshot('resolved');
    await desk.until(
      async () => (await other.ask({ do: 'review_count' })) === 0,
      'the other terminal shows none any more',
      REPLICATION_TIMEOUT,
    );
    assert.equal(factTypes(desk).filter((type) => type === 'CaseResolved').length, reasons.length);
  } finally {
    other?.kill();
    await kafka.stop();
  }
});
