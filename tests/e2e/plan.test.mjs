import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaForTest } from '../../scripts/lib/kafka.mjs';
import { scenario } from './harness/scenario.mjs';
import { invoke, quickSetUp, signIn } from './steps.mjs';

const REPLICATION_TIMEOUT = { timeoutMs: 60_000 };

/** A drawing of rooms, as a program for drawing writes it. */
const DRAWING = `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="800" height="500" viewBox="0 0 800 500">
<path d="M20 20h760v460H20zM300 20v460M300 250h480" fill="none" stroke="#555" stroke-width="6"/>
</svg>`;

scenario('a_plan_is_drawn_by_keyboard_and_seen_at_another_terminal', async ({ launch, folder }) => {
  const kafka = await kafkaForTest();
  const { picked } = folder();
  const [drawing, code] = [join(picked, 'plan.svg'), join(picked, 'code.txt')];
  writeFileSync(drawing, DRAWING);
  try {
    const desk = await launch({ environment: { NOSMOKE_PICK_OPEN: drawing, NOSMOKE_PICK_SAVE: code } });
    await quickSetUp(desk);
    await desk.openScreen('connections');
    await desk.type('connection-servers', kafka.servers);
    await desk.click('connection-try');
    await desk.waitFor('trial-good', REPLICATION_TIMEOUT);
    await desk.click('connection-save');
    await desk.waitFor('[data-testid="sync-chip"][data-state="online"]', REPLICATION_TIMEOUT);
    await desk.click('pairing-show');
    await desk.click('pairing-save');

    await desk.openScreen('plan');
    await desk.waitForCursor('plan-first');
    await desk.press('Enter');
    await desk.waitForCursor('plan-name');
    await desk.type('plan-name', '본관 1층');
    const focus = (id) =>
      desk.run((testId) => document.querySelector(`[data-testid="${testId}"]`).focus(), id);
    await focus('plan-pick');
    await desk.press('Enter');
    await desk.waitFor('plan-picture', REPLICATION_TIMEOUT);
    await focus('plan-add-area');
    await desk.press('Enter');
    await desk.waitFor('plan-canvas-shape');
    await focus('plan-canvas-shape');
    await desk.press('Left', 'Left', 'Up', 'Shift+Right');
    await desk.screenshot('1-drawn');
    await desk.press('Ctrl+S');
    await desk.waitFor('plan-drawing', REPLICATION_TIMEOUT);
    await desk.waitFor('plan-picture', REPLICATION_TIMEOUT);
    await desk.screenshot('2-saved');
    const [plan] = await invoke(desk, 'plans');
    assert.deepEqual([plan.name, plan.width, plan.height], ['본관 1층', 1600, 1000]);
    const [shape] = plan.shapes;
    assert.deepEqual([shape.x, shape.y, shape.width], [460, 290, 330]);

    const other = await launch({ terminal: 'b', environment: { NOSMOKE_PICK_OPEN: code } });
    await other.click('setup-join');
    await other.click('join-open');
    await other.waitFor('join-says', REPLICATION_TIMEOUT);
    await other.press('Enter');
    await other.waitFor('join-filled');
    await other.click('join-next');
    await other.type('join-terminal', '단말 2');
    await other.press('Enter');
    await other.waitFor('person', REPLICATION_TIMEOUT);
    await signIn(other);
    await other.openScreen('plan');
    await other.waitFor('plan-row', { ...REPLICATION_TIMEOUT, text: '453!#FEQ' });
    await other.waitFor('plan-picture', REPLICATION_TIMEOUT);
    await other.screenshot('3-seen-elsewhere');
    const [seen] = await invoke(other, 'plans');
    assert.deepEqual(seen.shapes, plan.shapes);
    const both = await Promise.all(
      [desk, other].map((terminal) => invoke(terminal, 'plan_picture', plan.planId)),
    );
    assert.equal(both[0].data, both[1].data);
    await other.close();
  } finally {
    await kafka.stop();
  }
});
