import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../../scripts/lib/paths.mjs';
import { disagreements, journalFolders } from './agreement.mjs';

// Tests the rules of rules.mjs, with which every data folder is checked after a window test: a small correct folder
// breaks no rule, and each planted fault breaks one.

const options = { skip: process.platform === 'linux' ? false : 'the window tests run on Linux only' };
const sqlite = (file, sql) => execFileSync('sqlite3', ['-bail', file], { input: sql, encoding: 'utf8' });
const blob = (uuid) => `X'${uuid.replaceAll('-', '')}'`;
const quoted = (value) => `'${JSON.stringify(value).replaceAll("'", "''")}'`;

const [terminal, customer, visit, checkOut, earning, payment, penalty, deduction, area, staff] = Array.from(
  { length: 10 },
  () => randomUUID(),
);
const levels = { warn_at: 20, prohibit: [{ at: 40, days: null }] };

/** The facts of a day: a visit earned 100 points, 60 were paid, and a penalty of 30 points has 15 outstanding. */
const DAY = [
  ['CheckedIn', visit, { visit_id: visit, area_id: area }],
  ['CheckedOut', visit, { visit_id: visit, earning: { earning_id: earning, points: 100 } }, checkOut],
  ['Earned', visit, { earning_id: earning, visit_id: visit, points: 100 }],
  [
    'Paid',
    payment,
    { payment_id: payment, points: 60, deduction: { deduction_id: randomUUID(), points: 60 } },
  ],
  [
    'PenaltyImposed',
    penalty,
    { penalty_id: penalty, points: 30, accrual: { accrual_id: randomUUID(), points: 30 }, levels },
  ],
  [
    'PenaltyDeducted',
    penalty,
    { deduction_id: deduction, penalty_id: penalty, points: 15, price: null, levels },
  ],
];

const deductionVoided = [
  'PenaltyDeductionVoided',
  penalty,
  { penalty_id: penalty, deduction_id: deduction, levels },
];

const [mistake, mistaken] = [randomUUID(), randomUUID()];
const MISTAKE = [
  ['CheckedOut', visit, { visit_id: visit, earning: { earning_id: mistaken, points: 100 } }, mistake],
  ['Earned', visit, { earning_id: mistaken, visit_id: visit, points: 100 }],
];
const takenBack = (check_out) => [
  'CheckOutTakenBack',
  visit,
  { visit_id: visit, check_out, lots: { '2027-11-30': 60, never: 40 } },
];
/** The same day after a check-out that was taken back. */
const LONGER_DAY = [DAY[0], ...MISTAKE, takenBack(mistake), ...DAY.slice(1)];

/**
 * Makes a data folder with the program's schema and with rows as the program writes them. The hashes are arbitrary,
 * because the rules only compare each fact's previous hash with the hash of the fact before.
 */
function folderWith(day) {
  const folder = mkdtempSync(join(tmpdir(), 'nosmoke-agreement-'));
  for (const store of ['journal', 'mypage']) {
    const migrations = join(root, 'crates/store/migrations', store);
    const schema = readdirSync(migrations).map((name) => readFileSync(join(migrations, name), 'utf8'));
    // Leaves out what changes rows: the tables are still empty, and Debian's SQLite lacks functions that it uses.
    const isLeftOut = (statement) => statement.startsWith('UPDATE') || statement.includes('unhex(');
    const made = schema
      .join('\n')
      .replaceAll(/^(?:UPDATE|INSERT) [^;]*;/gm, (it) => (isLeftOut(it) ? '' : it));
    sqlite(join(folder, `${store}.db`), made);
  }
  let before = '0'.repeat(64);
  const facts = day.map(([type, subject, payload, event = randomUUID()], index) => {
    const envelope = {
      event_id: event,
      incarnation: terminal,
      seq: index + 1,
      customer_id: customer,
      type,
    };
    const body = JSON.stringify({ ...envelope, version: 1, payload });
    const hash = createHash('sha256').update(before).update(body).digest('hex');
    const row = `(${index + 1}, X'${hash}', X'${before}', ${blob(envelope.event_id)}, ${blob(terminal)}, ${index + 1},
      ${blob(customer)}, ${blob(subject)}, 0, 0, 0, '${type}', 1, CAST('${body}' AS BLOB))`;
    before = hash;
    return row;
  });
  const workers = ['check_in', 'point', 'earning', 'penalty'].map((worker) => `('${worker}', ${day.length})`);
  sqlite(
    join(folder, 'journal.db'),
    `INSERT INTO fact (change_seq, hash, prev_hash, event_id, incarnation, seq, customer_id, subject, novelty,
       occurred_at_ms, received_at_ms, type, version, bytes) VALUES ${facts};
     INSERT INTO checkpoint VALUES ${workers};
     INSERT INTO standing VALUES (${blob(customer)}, 'ALLOWED', '15', 0, ${quoted(levels)}, '[]');
     INSERT INTO open_penalty VALUES (${blob(penalty)}, ${blob(customer)}, 0, 'AGGRAVATED', 30, 15, 1, NULL, 5);`,
  );
  const entries = [
    [visit, visit, 0, 1, 'EARNED', 100, 0],
    [payment, payment, 1, 2, 'PAID', -60, 0],
    [penalty, penalty, 4, 3, 'IMPOSED', 0, 30],
    [randomUUID(), penalty, 5, 3, 'DEDUCTED', 0, -15],
  ].map(
    ([id, subject, kind, history, status, points, penaltyPoints]) =>
      `(${blob(id)}, ${blob(customer)}, ${blob(subject)}, ${kind}, ${history}, 0, '${status}', ${points},
        ${penaltyPoints}, ${blob(terminal)}, ${blob(staff)})`,
  );
  sqlite(
    join(folder, 'mypage.db'),
    `INSERT INTO source VALUES (1, ${blob(terminal)}, ${day.length});
     INSERT INTO entry (entry_id, customer_id, subject, kind, history, at_ms, status, points, penalty_points,
       incarnation, staff_id) VALUES ${entries};`,
  );
  return folder;
}

/** Makes a folder, plants a fault in one of its databases with SQL, and returns the broken rules. */
function disagreementsAfter({ sql = '', database = 'journal.db', day = DAY }) {
  const folder = folderWith(day);
  try {
    sqlite(join(folder, database), sql);
    assert.deepEqual(journalFolders(folder), [folder]);
    return disagreements(folder).join('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** SQL that changes a field in a fact's bytes. */
const forge = (type, path, value) =>
  `UPDATE fact SET bytes = CAST(json_set(CAST(bytes AS TEXT), '$.${path}', json(${quoted(value)})) AS BLOB)
   WHERE type = '${type}';`;

test('a folder whose stores agree breaks no rule', options, () => {
  for (const day of [DAY, LONGER_DAY]) assert.equal(disagreementsAfter({ day }), '');
});

const WITHOUT_EARNED = DAY.filter(([type]) => type !== 'Earned');
const FAULTS = {
  'a changed number': [{ sql: forge('Paid', 'seq', 9) }, /agrees with its bytes/],
  'bytes that are no JSON': [
    { sql: "UPDATE fact SET bytes = X'00' WHERE seq = 2;" },
    /agrees with its bytes/,
  ],
  'a lost fact': [{ sql: "DELETE FROM fact WHERE type = 'PenaltyImposed';" }, /without a gap/],
  'a fact with a wrong previous hash': [
    { sql: 'UPDATE fact SET prev_hash = zeroblob(32);' },
    /the one before it/,
  ],
  'an event id used twice': [
    { sql: 'UPDATE fact SET event_id = (SELECT event_id FROM fact WHERE seq = 1);' },
    /no two facts have the same event id/,
  ],
  'a payment made twice': [{ day: [...DAY, DAY[3]] }, /recorded twice: .* Paid/],
  'a payment without its deduction': [{ sql: forge('Paid', 'payload.deduction', null) }, /has its deduction/],
  'a deduction of less than was paid': [
    { sql: forge('Paid', 'payload.deduction.points', 59) },
    /of the same points/,
  ],
  'a penalty without its accrual': [{ sql: forge('PenaltyImposed', 'payload.accrual', null) }, /its accrual/],
  'a payment of more than the balance': [
    { sql: forge('Paid', 'payload.points', 101) + forge('Paid', 'payload.deduction.points', 101) },
    /no holding is negative/,
  ],
  'more earned than promised': [
    { sql: forge('Earned', 'payload.points', 200) },
    /that its check-out promised/,
  ],
  'a second check-out that earns although the first stands': [
    { day: [DAY[0], ...MISTAKE, ...DAY.slice(1)] },
    /earns at most once/,
  ],
  'a check-out that never earned': [{ day: WITHOUT_EARNED }, /has earned them/],
  'a second check-out that never earned': [{ day: LONGER_DAY.toSpliced(5, 1) }, /has earned them/],
  'a customer who is not inside again': [{ day: [...DAY, takenBack(checkOut)] }, /inside are those/],
  'points taken back that were paid': [{ day: [...DAY, takenBack(checkOut)] }, /no holding is negative/],
  'points taken back that Mypage still shows': [
    { day: LONGER_DAY, database: 'mypage.db', sql: 'UPDATE entry SET points = 200 WHERE kind = 0;' },
    /a balance in Mypage.*\n.*EARNED in Mypage exactly/,
  ],
  'a customer who stays inside after the check-out': [
    { sql: `INSERT INTO inside VALUES (${blob(visit)}, ${blob(customer)}, ${blob(area)}, 0);` },
    /inside are those/,
  ],
  'a voided deduction that is still deducted': [
    { day: [...DAY, deductionVoided] },
    /open penalties.*\n(.*\n)*.*outstanding penalty in Mypage/,
  ],
  'a missing open penalty': [{ sql: 'DELETE FROM open_penalty;' }, /open penalties/],
  'a standing from before the deduction': [
    { sql: "UPDATE standing SET outstanding = '30', standing = 'WARNED';" },
    /published outstanding penalty/,
  ],
  'a standing that contradicts its levels': [
    { sql: "UPDATE standing SET standing = 'PROHIBITED';" },
    /follows from its levels/,
  ],
  'a missing published standing': [{ sql: 'DELETE FROM standing;' }, /has a published standing/],
  'a payment that Mypage shows as less': [
    { database: 'mypage.db', sql: 'UPDATE entry SET points = -50 WHERE kind = 1;' },
    /a balance in Mypage/,
  ],
  'points written off that no holding lacks': [
    {
      database: 'mypage.db',
      sql: `INSERT INTO entry SELECT zeroblob(16), customer_id, zeroblob(16), 7, 2, NULL, 0, NULL, NULL, NULL, 'WRITTEN_OFF',
        10, 0, NULL, NULL, NULL, incarnation, staff_id, NULL, NULL, NULL FROM entry WHERE kind = 1;`,
    },
    /writes off what .* lacks/,
  ],
  'a deduction that Mypage lacks': [
    { database: 'mypage.db', sql: 'DELETE FROM entry WHERE kind = 5;' },
    /outstanding penalty in Mypage.*\n.*is an entry of Mypage/,
  ],
  'a visit that stayed CHECKED_OUT': [
    { database: 'mypage.db', sql: "UPDATE entry SET status = 'CHECKED_OUT', points = 0 WHERE kind = 0;" },
    /EARNED in Mypage exactly/,
  ],
};
for (const [fault, [folder, expected]] of Object.entries(FAULTS)) {
  test(`${fault} is found`, options, () => assert.match(disagreementsAfter(folder), expected));
}

test('a store whose worker is behind is not compared', options, () => {
  const behind = 'UPDATE source SET checkpoint = 3; DELETE FROM entry WHERE kind <> 0;';
  assert.equal(disagreementsAfter({ database: 'mypage.db', sql: behind }), '');
});
