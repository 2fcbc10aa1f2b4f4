import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Chapter, MANAGER_PIN, PEOPLE } from './chapter';
import { afterwards } from './chapters/afterwards';
import { contexts, waiting } from './chapters/contexts';
import { customers, people, search } from './chapters/customers';
import { events, files } from './chapters/files';
import { days, mypage } from './chapters/mypage';
import { ban, deductions } from './chapters/penalties';
import { approvals, house, locked, MANAGER, records, signIn } from './chapters/people';
import { plans } from './chapters/plans';
import { corrections, payments, repeats, undo } from './chapters/points';
import { roles, voidWindow } from './chapters/roles';
import { rules } from './chapters/rules';
import { settings } from './chapters/settings';
import { facility, setUp } from './chapters/setUp';
import { checkIns, checkOuts, forgotten, takenBack } from './chapters/visits';
import { Desk } from './desk';
import { differences } from './differences';
import { EXCLUSIONS } from './exclusions';
import { mockSide } from './mockSide';
import { usedExclusions } from './normalise';
import { startProgram } from './program';

/** A Wednesday morning in Seoul. The day begins at this time on the mock and on the real program. */
const MORNING = Date.parse('2026-03-11T10:47:00+09:00');
const SHOWN_MAX = 30;

const folder = mkdtempSync(join(tmpdir(), 'nosmoke-parity-'));
const mockBackend = mockSide(MORNING);
const mock = new Desk(mockBackend, MORNING);
let real: Desk;

beforeAll(async () => {
  real = new Desk(await startProgram({ folder, now: MORNING }), MORNING);
});

afterAll(async () => {
  await real.side.end();
  await mock.side.end();
  rmSync(folder, { recursive: true, force: true });
});

/** Plays a chapter on the mock and on the real program. Their answers must be the same at each step. */
async function playOnBoth({ play }: Chapter): Promise<void> {
  const from = { mock: mock.got.length, real: real.got.length };
  for (const desk of [mock, real]) {
    await play(desk);
    await desk.look('at the end');
  }
  const onReal = real.got.slice(from.real);
  const found = mock.got.slice(from.mock).flatMap((got, index) => {
    const other = onReal[index];
    return differences(got, other).map((difference) => `${got.step}, ${got.call}: ${difference}`);
  });
  expect(found.length > SHOWN_MAX ? [...found.slice(0, SHOWN_MAX), `${found.length} in all`] : found).toEqual(
    [],
  );
  expect(onReal.length).toBe(mock.got.length - from.mock);
}

const MANAGERS_DAY = [
  ...[
    setUp,
    facility,
    plans,
    customers,
    search,
    checkIns,
    checkOuts,
    payments,
    corrections,
    repeats,
    undo,
    takenBack,
    ban,
    deductions,
  ],
  ...[people, forgotten, waiting, contexts, mypage, days, settings, house, locked, records, files, events],
];

for (const chapter of MANAGERS_DAY) test(chapter.name, () => playOnBoth(chapter));

/** Who works after the first manager, and what they do. The rules come last: later chapters expect the first ones. */
const OTHERS = [
  { role: 'supervisor', person: PEOPLE.supervisor, chapters: [roles, voidWindow, afterwards] },
  { role: 'staff', person: PEOPLE.staff, chapters: [roles, voidWindow, approvals] },
  { role: 'manager', person: { name: MANAGER, pin: MANAGER_PIN }, chapters: [rules] },
];

for (const { role, person, chapters } of OTHERS) {
  test(`the program starts again for ${role}`, async () => {
    await real.side.end();
    real.side = await startProgram({ folder, now: real.now });
    mockBackend.restart();
    const play = async (desk: Desk) => {
      await desk.ask('start again', 'start');
      await signIn(desk, person.name, person.pin);
      await desk.look(`as ${role}`);
    };
    await playOnBoth({ name: role, play });
  });
  for (const chapter of chapters) test(`${role}: ${chapter.name}`, () => playOnBoth(chapter));
}

test('every exclusion is needed', () => {
  expect(EXCLUSIONS.filter((exclusion) => !usedExclusions.has(exclusion))).toEqual([]);
});
