import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scenario } from './harness/scenario.mjs';
import {
  checkIn,
  checkOut,
  exported,
  giveReason,
  importCustomers,
  quickSetUp,
  readCsv,
  register,
} from './steps.mjs';

/** Customer names that a spreadsheet would execute as a formula, change or lose. */
const TYPED = [
  '=HYPERLINK("x")',
  '+82 10-4821-0000',
  '＝1',
  '-1+1',
  '@SUM(A1)',
  "'=1",
  '"따옴표", 쉼표; 그리고 \\',
  '김🚬👨‍👩‍👧민수',
  '<b onmouseover="alert(1)">굵게</b>',
  '  앞뒤 공백  ',
];
/** Customer names that can't be typed into a single-line field but can be in an imported file. */
const IN_FILES = ['\t=1', '줄\n바꿈', '=1\r\n+2', '홍길동'];

const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
const isDangerous = (cell) => /^[=+\-@＝＋－＠\t\r\n]/u.test(cell);
const names = (desk) => desk.rows('SELECT name FROM profile ORDER BY name').map(({ name }) => name);

scenario('hostile_text_is_kept_exactly_and_harmless_everywhere', async ({ launch, folder }) => {
  const first = folder('a');
  const file = join(first.picked, '고객.csv');
  writeFileSync(
    file,
    // The columns of the program's own export: only its texts are read exactly, with their line breaks.
    `이름,전화,카드,등록일,고객 ID\n${IN_FILES.map((name, n) => `${quoted(name)},,NS-00${n}\n`).join('')}`,
  );
  const desk = await launch({ environment: { NOSMOKE_PICK_OPEN: file } });
  await quickSetUp(desk);
  await desk.run(() => {
    window.alert = () => {
      document.title = 'a name was run';
    };
  });

  for (const [n, name] of TYPED.entries()) await register(desk, { name, card: `=CARD-${n}` });
  // A name that is too long is refused in the form, and nothing is recorded.
  await desk.press('Ctrl+N');
  await desk.paste('customer-name', '가'.repeat(10_000));
  await desk.click('customer-submit');
  await desk.waitFor('[data-testid="error"][data-code="too_long"]', { text: '200자까지 적을 수 있습니다' });
  await desk.screenshot('too-long');
  await desk.press('Esc');
  await desk.waitGone('register-dialog');
  // A name with a tab: `register` pastes it, because the Tab key would leave the field.
  await register(desk, { name: '\t탭' });
  await checkIn(desk, 1);
  await checkOut(desk);

  await desk.openScreen('customers');
  await importCustomers(desk, { good: IN_FILES.length, bad: 0 });
  const all = [...TYPED, '\t탭', ...IN_FILES].sort();
  assert.deepEqual(names(desk).sort(), all);
  await desk.waitFor('customer-row');
  await desk.screenshot('customers');

  // The exported file has no cell that a spreadsheet would execute, but all names can be recovered from it.
  await desk.click('customers-export');
  await giveReason(desk);
  const path = await desk.jobPath('export');
  const cells = readCsv(path);
  for (const each of cells) {
    for (const cell of Object.values(each)) assert.ok(!isDangerous(cell), JSON.stringify(cell));
  }
  assert.deepEqual(cells.map((each) => each.이름.replace(/^'/, '')).sort(), all);

  // The exported histories contain the names, too.
  await desk.click('rail-desk');
  await desk.press('F8');
  await desk.waitFor('mypage-row');
  const histories = readCsv(await exported(desk));
  assert.deepEqual([...new Set(histories.map((each) => each.이름))], ["'\t탭"]);
  assert.equal(await desk.browser.getTitle(), '흡연구역 데스크');
  await desk.close();

  // Another terminal imports the file and has the same names.
  const second = await launch({ terminal: 'b', environment: { NOSMOKE_PICK_OPEN: path } });
  await quickSetUp(second);
  await second.openScreen('customers');
  await importCustomers(second, { good: all.length, bad: 0 });
  assert.deepEqual(names(second).sort(), all);
  const cards = (of) => of.rows('SELECT name, card FROM profile ORDER BY name, card');
  assert.deepEqual(cards(second), cards(desk));
  // A second import finds nothing new: everybody is here already.
  await second.click('import-open');
  await second.waitFor(`[data-testid="import-skipped"][data-value="${all.length}"]`);
  await second.waitFor('[data-testid="import-good"][data-value="0"]');
});
