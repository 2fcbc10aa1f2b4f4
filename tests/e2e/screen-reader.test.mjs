import assert from 'node:assert/strict';
import { cannotReadTree, keptTree, READABLE, treeOf } from './harness/accessible.mjs';
import { scenario } from './harness/scenario.mjs';
import { checkIn, checkOut, quickSetUp, ready, register } from './steps.mjs';

// The kept trees are written by `NOSMOKE_KEEP_TREES=1 npm run test:e2e screen-reader`; read them before they are committed.
scenario(
  'a_screen_reader_gets_desk_picker_and_mypage_as_they_are_kept',
  async ({ launch }) => {
    const desk = await launch({ environment: READABLE });
    const compare = async (name) => {
      const differs = async () => treeOf(desk) !== keptTree(name, treeOf(desk));
      // The tree follows the page a moment later.
      await desk
        .until(async () => !(await differs()), `${name} is as kept`, { timeoutMs: 5_000 })
        .catch(() => {});
      assert.equal(treeOf(desk), keptTree(name, treeOf(desk)), name);
    };
    await quickSetUp(desk);
    await register(desk, { name: '홍길동', phone: '010-1234-5678' });
    await checkIn(desk, 1);
    await checkOut(desk);
    await desk.until(async () => (await desk.text('balance'))?.includes('100'), 'the points have come');
    await ready(desk, 'check-in');
    await compare('desk');
    await desk.press('F2');
    await desk.waitFor('area-picker');
    await desk.waitFor('pick-1');
    await compare('picker');
    await desk.press('Esc');
    await desk.waitGone('area-picker');
    await desk.press('F8');
    await desk.waitFor('mypage-row');
    await compare('mypage');
  },
  { skip: cannotReadTree() },
);
