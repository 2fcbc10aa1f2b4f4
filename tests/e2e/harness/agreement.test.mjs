import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../../scripts/lib/paths.mjs';
import { disagreements, journalFolders } from './agreement.mjs';

// The comparison that ends every window test, on a small folder: green as it is, red for each fault planted in it.

const options = { skip: process.platform === 'linux' ? false : 'the window tests run on Linux only' };
const sqlite = (file, sql) => execFileSync('sqlite3', ['-bail', file], { input: sql, encoding: 'utf8' });
const blob = (uuid) => `X'${uuid.replaceAll('-', '')}'`;
const quoted = (value) => `'${JSON.stringify(value).replaceAll("'", "''")}'`;

const [terminal, customer, visit, earning, payment, penalty, area, staff] = Array.from({ length: 8 }, () =>
  randomUUID(),
);
const levels = { warn_at: 20, prohibit_at: 40 };

/** A visit that earned 100 of which 60 were paid; a penalty of 30 of which 15 are left. */
const DAY = [
  ['CheckedIn', visit, { visit_id: visit, area_id: area }],
  ['CheckedOut', visit, { visit_id: visit, earning: { earning_id: earning, points: 100 } }],
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
    { deduction_id: randomUUID(), penalty_id: penalty, points: 15, price: null, levels },
  ],
];

/** The program's own tables, filled as the program would fill them. Any hash will do: only the chain is compared. */
function folderWith(day) {
  const folder = mkdtempSync(join(tmpdir(), 'nosmoke-agreement-'));
  for (const store of ['journal', 'mypage']) {
    const migrations = join(root, 'crates/store/migrations', store);
    const schema = readdirSync(migrations).map((name) => readFileSync(join(migrations, name), 'utf8'));
    // There is nothing in them yet to be put right, and Debian's SQLite knows less than the program's.
    sqlite(join(folder, `${store}.db`), schema.join('\n').replaceAll(/^UPDATE [^;]*;/gm, ''));
  }
  let before = '0'.repeat(64);
  const facts = day.map(([type, subject, payload], index) => {
    const envelope = {
      event_id: randomUUID(),
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
     INSERT INTO standing VALUES (${blob(customer)}, 'ALLOWED', '15', 20, 40, 0);
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

/** What is said of the folder after a fault was planted in one of its databases. */
function said({ sql = '', database = 'journal.db', day = DAY }) {
  const folder = folderWith(day);
  try {
    sqlite(join(folder, database), sql);
    assert.deepEqual(journalFolders(folder), [folder]);
    return disagreements(folder).join('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Changes what a fact's bytes say. */
const forge = (type, path, value) =>
  `UPDATE fact SET bytes = CAST(json_set(CAST(bytes AS TEXT), '$.${path}', json(${quoted(value)})) AS BLOB)
   WHERE type = '${type}';`;

test('a folder whose stores agree is left in peace', options, () => assert.equal(said({}), ''));

const WITHOUT_EARNED = DAY.filter(([type]) => type !== 'Earned');
const FAULTS = {
  'a changed number': [{ sql: forge('Paid', 'seq', 9) }, /says what its bytes say/],
  'bytes that are no JSON': [
    { sql: "UPDATE fact SET bytes = X'00' WHERE seq = 2;" },
    /says what its bytes say/,
  ],
  'a lost fact': [{ sql: "DELETE FROM fact WHERE type = 'PenaltyImposed';" }, /without a gap/],
  'a fact with another before it': [
    { sql: 'UPDATE fact SET prev_hash = zeroblob(32);' },
    /the one before it/,
  ],
  'an event told twice': [
    { sql: 'UPDATE fact SET event_id = (SELECT event_id FROM fact WHERE seq = 1);' },
    /an event id is of one fact/,
  ],
  'a payment made twice': [{ day: [...DAY, DAY[3]] }, /made once: .* Paid/],
  'a payment without its deduction': [{ sql: forge('Paid', 'payload.deduction', null) }, /has its deduction/],
  'a deduction of less': [{ sql: forge('Paid', 'payload.deduction.points', 59) }, /of as many points/],
  'a penalty without its accrual': [{ sql: forge('PenaltyImposed', 'payload.accrual', null) }, /its accrual/],
  'a payment of more than there is': [
    { sql: forge('Paid', 'payload.points', 101) + forge('Paid', 'payload.deduction.points', 101) },
    /less than nothing/,
  ],
  'more earned than promised': [
    { sql: forge('Earned', 'payload.points', 200) },
    /check-out of its visit promised/,
  ],
  'a check-out that never earned': [{ day: WITHOUT_EARNED }, /that promised points has them/],
  'someone who never left': [
    { sql: `INSERT INTO inside VALUES (${blob(visit)}, ${blob(customer)}, ${blob(area)}, 0);` },
    /inside are those/,
  ],
  'an open penalty forgotten': [{ sql: 'DELETE FROM open_penalty;' }, /open penalties/],
  'a standing from before the deduction': [
    { sql: "UPDATE standing SET outstanding = '30', standing = 'WARNED';" },
    /published outstanding penalty/,
  ],
  'a standing that its level does not give': [
    { sql: "UPDATE standing SET standing = 'PROHIBITED';" },
    /what its levels make/,
  ],
  'nothing published': [{ sql: 'DELETE FROM standing;' }, /has a published standing/],
  'a payment that Mypage shows as less': [
    { database: 'mypage.db', sql: 'UPDATE entry SET points = -50 WHERE kind = 1;' },
    /a balance in Mypage/,
  ],
  'a deduction that Mypage lacks': [
    { database: 'mypage.db', sql: 'DELETE FROM entry WHERE kind = 5;' },
    /outstanding penalty in Mypage.*\n.*is a line of Mypage/,
  ],
  'a visit that stayed CHECKED_OUT': [
    { database: 'mypage.db', sql: "UPDATE entry SET status = 'CHECKED_OUT', points = 0 WHERE kind = 0;" },
    /EARNED in Mypage exactly/,
  ],
};
for (const [fault, [folder, expected]] of Object.entries(FAULTS)) {
  test(`${fault} is found`, options, () => assert.match(said(folder), expected));
}

test('a store that has not followed to the end is compared no further', options, () => {
  const behind = 'UPDATE source SET checkpoint = 3; DELETE FROM entry WHERE kind <> 0;';
  assert.equal(said({ database: 'mypage.db', sql: behind }), '');
});
