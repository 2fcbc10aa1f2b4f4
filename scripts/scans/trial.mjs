import { setTimeout as wait } from 'node:timers/promises';
import { CARDS, UNKNOWN } from './scenes.mjs';
import { SUFFIXES } from './sender.mjs';

/** A sender that stalls longer is marked, and the card is sent again. */
const STALL_MS = 500;
const TRIES = 3;
const KEYS_TIMEOUT_MS = 5_000;
const DONE_TIMEOUT_MS = 6_000;
/** What a scan seems to have done may still change: an Enter that got through acts late on a busy page. */
const SETTLE_MS = 200;

let turn = 0;

/** The cards in turn; while Hangul is on, those that a keyboard would type as Hangul. */
function nextCard({ isUnknown }, isHangul) {
  turn += 1;
  if (isUnknown) {
    const own = UNKNOWN.filter((card) => !isHangul || /[a-z]/i.test(card));
    return { card: own[turn % own.length] };
  }
  const own = CARDS.filter(({ card }) => !isHangul || /[a-z]/i.test(card));
  return own[turn % own.length];
}

const gapsOf = (stamps) => stamps.slice(1).map((stamp, index) => Math.round(stamp - stamps[index]));

/**
 * Opens a scene, reads a card, and compares. `wrong` lists what must never happen; `missed` says that the window doesn't
 * show what it should.
 */
export async function tryScan(window, name, scene, { gapMs, suffix, prefix, isHangul }) {
  const result = { name, gapMs, suffix, stalls: 0, wrong: [], missed: null, gaps: [] };
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const read = nextCard(scene, isHangul);
    const raw = prefix + read.card;
    try {
      await window.openScene(scene.steps);
    } catch (error) {
      return { ...result, card: raw, missed: `the scene isn't reached: ${error.message}` };
    }
    const before = window.state();
    const isDone = scene.isDone({ ...read, raw });
    await window.sender.scan(raw, gapMs, suffix);
    await window.waitForKeys(raw.length + SUFFIXES[suffix].length, KEYS_TIMEOUT_MS);
    const deadline = Date.now() + DONE_TIMEOUT_MS;
    let seen = await window.look();
    while (!isDone(seen) && Date.now() < deadline) {
      await wait(25);
      seen = await window.look();
    }
    await wait(SETTLE_MS);
    seen = await window.look();
    const after = window.state();
    result.gaps = gapsOf(await window.stamps());
    result.card = raw;
    if (after !== before) result.wrong.push(`recorded: ${before} became ${after}`);
    for (const field of seen.filled) result.wrong.push(`filled ${field}`);
    const keys = (await window.trace()).join(', ');
    if (result.wrong.length > 0) {
      result.wrong.push(`after the keys ${keys}`);
      return { ...result, seen };
    }
    if (Math.max(0, ...result.gaps) > STALL_MS) {
      result.stalls += 1;
      continue;
    }
    if (isDone(seen)) return result;
    return { ...result, missed: `${JSON.stringify(seen)} after the keys ${keys}`, seen };
  }
  return { ...result, missed: 'the sender stalled each time' };
}
