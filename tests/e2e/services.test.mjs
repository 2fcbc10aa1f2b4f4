import assert from 'node:assert/strict';
import { scenario } from './harness/scenario.mjs';
import {
  checkIn,
  checkOut,
  factTypes,
  find,
  invoke,
  pay,
  quickSetUp,
  ready,
  register,
  tryInvoke,
} from './steps.mjs';

const node = (name, tone) => `[data-testid="service"][data-node="${name}"][data-tone="${tone}"]`;
const visit = (status) => `[data-testid="mypage-row"][data-kind="visit"][data-status="${status}"]`;
const count = (desk, type) => factTypes(desk).filter((each) => each === type).length;

/**
 * Waits until an edge has this tone. `waitFor` can't see an SVG line, which has no box, so this polls its attribute.
 */
const edgeIs = (desk, id, tone) =>
  desk.until(
    () =>
      desk.run(
        (edge, wanted) =>
          [...document.querySelectorAll('[data-testid="edge"]')].find(({ dataset }) => dataset.id === edge)
            ?.dataset.tone === wanted,
        id,
        tone,
      ),
    `${id} is ${tone}`,
  );

const openServices = async (desk) => {
  await desk.openScreen('services');
  await desk.waitFor('services-graph');
};

/** Waits for the error of an unavailable point, which says that nothing was recorded and what to do. */
const isRefused = (desk) =>
  desk.waitFor('[data-testid="error"][data-code="point_unavailable"]', {
    text: '기록된 것은 없습니다. 체크인과 체크아웃은 됩니다. ‘포인트’ 서비스가 중지되어 있으니',
  });

scenario('s08_point_is_stopped_and_started_on_the_services_screen', async ({ launch }) => {
  const desk = await launch();
  await quickSetUp(desk);
  await register(desk, { name: '김민수' });
  await checkIn(desk, 1);
  await checkOut(desk);
  await pay(desk, 10);

  // The graph shows the traffic of the commands above. Without a Kafka cluster nothing is sent, and the graph shows no
  // alarm for that.
  await openServices(desk);
  await desk.waitFor(node('point', 'ok'));
  await desk.waitFor(node('kafka', 'stopped'));
  await edgeIs(desk, 'publisher kafka', 'still');
  await edgeIs(desk, 'pay point', 'plain');
  await desk.waitFor('[data-testid="traffic"][data-id="pay point"]', { text: 'p99' });
  await desk.screenshot('1-running');

  // Point is reached by keyboard. Its stop button asks for a confirmation, which explains the effect.
  await desk.waitForCursor('[data-node="point"]');
  await desk.press('Down', 'Up', 'Enter');
  await desk.waitFor('[data-testid="service-pane"][data-of="point"]');
  await desk.click('context-stop');
  await desk.waitFor('context-stop-confirm');
  await desk.type('context-stop-reason', '점검');
  await desk.screenshot('2-asked');
  await desk.press('Ctrl+Enter');
  await desk.waitFor(node('point', 'stopped'));
  await desk.waitFor('service-why', { text: '사유: 점검' });
  await desk.waitFor(node('pay', 'warn'), { text: '거절 중' });
  await desk.waitFor(node('check_in', 'ok'));
  await edgeIs(desk, 'pay point', 'blocked');

  // The desk goes on; commands that need point are refused and record nothing.
  await desk.click('rail-desk');
  await find(desk, '김민수');
  await checkIn(desk, 1);
  await checkOut(desk);
  await ready(desk, 'pay');
  await desk.press('F4');
  await desk.type('pay-points', '20');
  await desk.press('Enter');
  await isRefused(desk);
  await desk.screenshot('3-payment-refused');
  await desk.press('Esc');
  await desk.waitGone('pay-dialog');
  await desk.press('F6');
  await desk.click('impose-code-BASIC');
  await desk.press('Enter');
  await isRefused(desk);
  await desk.press('Esc');
  await desk.waitGone('impose-dialog');
  assert.equal(count(desk, 'Paid'), 1);
  assert.equal(count(desk, 'PenaltyImposed'), 0);
  assert.equal(count(desk, 'CheckedOut'), 2);
  assert.equal(count(desk, 'Earned'), 1);
  await desk.press('F8');
  await desk.waitFor(visit('CHECKED_OUT'));

  // This screenshot is docs/images/services.png.
  await openServices(desk);
  await desk.waitFor('[data-testid="service-pane"][data-of="point"]');
  await desk.waitFor('context-start', { text: '밀린' });
  await desk.waitFor('service-visits', { text: '1건' });
  await desk.waitFor('[data-testid="traffic"][data-id="pay point"]', { text: '오류' });
  await desk.screenshot('4-stopped');

  await desk.click('context-start');
  await desk.waitFor(node('point', 'ok'));
  await edgeIs(desk, 'pay point', 'plain');
  await desk.waitFor('service-lag', { text: '0건' });
  await desk.click('rail-desk');
  await find(desk, '김민수');
  await desk.press('F8');
  await desk.waitFor(visit('EARNED'));
  await desk.waitGone(visit('CHECKED_OUT'));
  assert.equal(count(desk, 'Earned'), 2);
  await desk.click('rail-desk');
  await find(desk, '김민수');
  await pay(desk, 20);
  assert.equal(count(desk, 'Paid'), 2);

  // A call with an unknown context name is refused with its code.
  const { refused } = await tryInvoke(desk, 'stop_context', { name: 'nobody', reason: null });
  assert.equal(refused.code, 'invalid_input');
  const { contexts } = await invoke(desk, 'services');
  assert.ok(contexts.every(({ state }) => state === 'running'));
});
