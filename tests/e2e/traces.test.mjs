import assert from 'node:assert/strict';
import { kafkaForTest } from '../../scripts/lib/kafka.mjs';
import { scenario } from './harness/scenario.mjs';
import { earnedThere, find, invoke, joinedTerminal, pay, quickSetUp } from './steps.mjs';

const REPLICATION_TIMEOUT = { timeoutMs: 60_000 };

/** Returns the steps of the shown trace in the order of the screen, each with its depth in the tree of spans. */
const steps = (desk) =>
  desk.run(() =>
    [...document.querySelectorAll('[data-testid="span"]')].map(
      ({ dataset }) => `${dataset.depth} ${dataset.step}`,
    ),
  );

scenario('s09_a_payment_is_followed_from_the_click_on_the_traces_screen', async ({ launch, folder }) => {
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
    other = joined.other;
    const customerId = await earnedThere(joined, '김민수', 320);
    await desk.until(
      async () => (await invoke(desk, 'customer_card', customerId).catch(() => null))?.points.balance === 320,
      'the balance is known here',
      REPLICATION_TIMEOUT,
    );

    // The other terminal holds the points, so the payment asks for them: one trace from the key press to the answer.
    await desk.click('rail-desk');
    await find(desk, '김민수');
    await pay(desk, 100);
    const paid = await desk.until(
      async () => {
        const { traces } = await invoke(desk, 'traces', {
          cursor: null,
          limit: 50,
          failed: false,
          traceId: null,
        });
        const trace = traces.find(({ step, subject }) => step === 'click' && subject === 'pay');
        if (trace === undefined) return null;
        const { spans } = await invoke(desk, 'trace', trace.traceId);
        const names = spans.map(({ step, subject }) => `${step} ${subject}`);
        return ['apply Given', 'read_back Paid'].every((name) => names.includes(name))
          ? { trace, spans }
          : null;
      },
      'the payment was recorded as a trace',
      REPLICATION_TIMEOUT,
    );
    // The first attempt lacked points, but the payment succeeded.
    assert.equal(paid.trace.failed, false);
    const byId = new Map(paid.spans.map((span) => [span.spanId, span]));
    const ancestry = (span) =>
      span === undefined ? [] : [`${span.step} ${span.subject}`, ...ancestry(byId.get(span.parentId))];
    const readBack = paid.spans.find(({ step, subject }) => step === 'read_back' && subject === 'Paid');
    assert.deepEqual(ancestry(readBack), [
      'read_back Paid',
      'publish Paid',
      'decision pay',
      'transaction pay',
      'command pay',
      'click pay',
    ]);
    // The span of the click begins before the span of the command.
    const of = (name) => paid.spans.find(({ step, subject }) => `${step} ${subject}` === name);
    assert.ok(of('click pay').offsetMs <= of('command pay').offsetMs);
    assert.ok(paid.spans.every(({ tookMs }) => tookMs >= 0));
    // The parent of `apply Given` is a span of the other terminal, which this terminal doesn't store.
    assert.equal(byId.has(of('apply Given').parentId), false);

    await desk.openScreen('traces');
    await desk.click(`[data-testid="trace-row"][data-id="${paid.trace.traceId}"]`);
    await desk.waitFor('timeline');
    await desk.waitFor('[data-testid="span"][data-step="click"]');
    const shown = await steps(desk);
    for (const step of ['0 click', '1 command', '2 transaction', '3 decision', '4 publish', '5 read_back']) {
      assert.ok(shown.includes(step), `${step} in ${shown}`);
    }
    await desk.screenshot('1-timeline');
    await desk.click('[data-testid="span"][data-step="publish"]');
    await desk.waitFor('[data-testid="span-detail"]');
    await desk.screenshot('2-span');

    // A refused payment is listed among the failed traces, with its reason in words.
    const command = { type: 'pay', customerId, points: 900_000 };
    await assert.rejects(invoke(desk, 'record', { idempotencyKey: 'too-much', command }));
    await desk.click('traces-failed');
    await desk.click('traces-refresh');
    await desk.waitFor('[data-testid="span"][data-depth="0"]');
    await desk.until(
      async () => {
        await desk.click('[data-testid="trace-row"][data-failed]');
        return desk.run(() =>
          document.querySelector('[data-testid="timeline"]').textContent.includes('부족'),
        );
      },
      'the refusal is shown in words',
      REPLICATION_TIMEOUT,
    );
    await desk.screenshot('3-refused');
  } finally {
    other?.kill();
    await kafka.stop();
  }
});
