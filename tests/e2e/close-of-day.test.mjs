import assert from 'node:assert/strict';
import { join } from 'node:path';
import { scenario } from './harness/scenario.mjs';
import { checkIn, checkOut, invoke, pay, quickSetUp, readCsv, record, register } from './steps.mjs';

scenario('a_day_is_closed_by_the_keyboard_exported_and_shows_a_late_record', async ({ launch, folder }) => {
  const saved = join(folder().picked, 'day.csv');
  const desk = await launch({ environment: { NOSMOKE_PICK_SAVE: saved } });
  await quickSetUp(desk);
  await register(desk, { name: '홍길동' });
  await checkIn(desk);
  await checkOut(desk);
  await desk.until(async () => (await desk.text('balance'))?.includes('100'), 'the points are there');
  await pay(desk, 60);
  await desk.openScreen('day');
  await desk.waitFor('day-line-paid');
  await desk.press('Enter');
  await desk.waitFor('close-day-dialog');
  await desk.press('Enter');
  await desk.waitGone('close-day-dialog');
  await desk.waitFor('day-status', { text: '1번째 마감' });
  assert.equal(desk.rows('SELECT number FROM day_close').length, 1);
  await desk.screenshot('day-closed');

  const found = await invoke(desk, 'search_customers', { text: '홍길동', limit: 1 });
  const [
    {
      customer: { customerId },
    },
  ] = found.hits;
  await record(desk, { type: 'adjustPoints', customerId, points: 7, reason: 'goodwill' });
  await desk.waitFor('since-adjusted', { text: '+7' });
  await desk.screenshot('day-since');
  await desk.click('day-export');
  const path = await desk.jobPath('export');
  const rows = readCsv(path).map((row) => Object.values(row).join(','));
  assert.ok(
    rows.some((row) => /,마감,1,결제,.*,1,-60,1,-60$/.test(row)),
    rows.join('\n'),
  );
  assert.ok(
    rows.some((row) => /,마감 이후,1,조정,.*,1,7,1,7$/.test(row)),
    rows.join('\n'),
  );
  // A second Enter without anything new closes nothing twice; with something new it is the next number.
  await desk.click('day-close');
  await desk.waitFor('close-day-dialog');
  await desk.press('Enter');
  await desk.waitFor('day-status', { text: '2번째 마감' });

  // The report of the period: its charts draw under the content policy and with the frozen prototype.
  await desk.click('tab-period');
  await desk.waitFor('period-total-points', { text: '100' });
  const drawn = () =>
    desk.run(() => ({
      bars: document.querySelectorAll('[data-testid="period-panel-points"] .recharts-bar-rectangle path')
        .length,
      cells: document.querySelectorAll('[data-testid="period-panel-occupancy"] rect[aria-label]').length,
    }));
  await desk.until(
    async () => (await drawn()).bars > 0 && (await drawn()).cells >= 24,
    'the charts are drawn',
  );
  await desk.screenshot('period');
});
