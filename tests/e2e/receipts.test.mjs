import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { scenario } from './harness/scenario.mjs';
import { quickSetUp, record, register } from './steps.mjs';

const READ_CODES = new URL('../../target/debug/examples/read_codes', import.meta.url).pathname;

/** A receipt printer on this computer: its address, and what each connection brought. */
async function printer() {
  const slips = [];
  const server = createServer({ allowHalfOpen: false }, (socket) => {
    const parts = [];
    socket.on('data', (part) => parts.push(part));
    socket.on('end', () => slips.push(Buffer.concat(parts)));
    socket.on('error', () => {});
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `127.0.0.1:${server.address().port}`, slips, close: () => server.close() };
}

async function setPrinter(desk, address) {
  await desk.openScreen('settings');
  await desk.click('settings-printer-network');
  await desk.type('settings-printer-address', address);
  await desk.click('settings-printer-save');
  await desk.waitFor('settings-printer-test');
}

async function customerWithPoints(desk, card) {
  await register(desk, { name: '추가람', card });
  const [{ id }] = desk.rows("SELECT lower(hex(customer_id)) AS id FROM profile WHERE name = '추가람'");
  const customerId = id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  await record(desk, { type: 'adjustPoints', customerId, points: 1_000, reason: 'goodwill' });
  return customerId;
}

scenario('a_receipt_is_printed_from_the_desk_and_again_after_the_printer_was_away', async ({ launch }) => {
  const one = await printer();
  const desk = await launch();
  await quickSetUp(desk);
  const customerId = await customerWithPoints(desk, 'NS-2204-0391');
  await setPrinter(desk, one.address);
  await desk.openScreen('desk');
  await record(desk, { type: 'pay', customerId, points: 300 });
  await desk.click('recent-print');
  await desk.until(() => one.slips.length === 1, 'the receipt is at the printer');
  // The question how it is, a reset, then pictures by GS v 0, then the cut and a reset.
  const [slip] = one.slips;
  assert.deepEqual([...slip.subarray(0, 5)], [0x10, 4, 2, 0x1b, 0x40]);
  assert.ok(slip.includes(Buffer.from([0x1d, 0x76, 0x30, 0])));
  assert.deepEqual([...slip.subarray(-6)], [0x1d, 0x56, 0x42, 0, 0x1b, 0x40]);
  await desk.screenshot('desk');

  // The printer is away: recording goes on, and the slip waits with its reason.
  one.close();
  await record(desk, { type: 'pay', customerId, points: 100 });
  await desk.waitFor('recent', { text: '100' });
  await desk.click('recent-print');
  // It refuses the connection, so it is tried for a while: another desk might be printing.
  await desk.waitFor('slips-failed', { text: '프린터가 연결을 받지 않습니다', timeoutMs: 30_000 });
  await desk.screenshot('desk-away');
  await desk.openScreen('receipts');
  await desk.waitFor('slips-waiting', { text: '결제 영수증 · 추○람' });
  await record(desk, { type: 'pay', customerId, points: 50 });
  await desk.screenshot('away');
  const other = await printer();
  await setPrinter(desk, other.address);
  await desk.openScreen('receipts');
  await desk.click('slip-again');
  await desk.until(() => other.slips.length === 1, 'the receipt is at the other printer');
  await desk.waitGone('slips-waiting');
  other.close();
});

scenario('slips_are_pdfs_by_the_systems_print_operation', async ({ launch, folder }) => {
  const pdf = join(folder().picked, 'slip.pdf');
  const desk = await launch({ environment: { NOSMOKE_PRINT_TO: pdf } });
  await quickSetUp(desk);
  const customerId = await customerWithPoints(desk, 'NS-2204-0391');
  await record(desk, { type: 'pay', customerId, points: 300 });
  await desk.openScreen('receipts');
  await desk.click('receipts-show');
  await desk.waitFor('slip-sheet', { text: '700' });
  await desk.screenshot('receipt');
  const printed = async () => {
    await desk.click('slip-system');
    await desk.until(() => existsSync(pdf) && statSync(pdf).size > 0 && isWhole(pdf), 'the PDF is written');
    return execFileSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' });
  };
  const receipt = await printed();
  for (const part of ['결제 영수증', '추○람', '300', '700']) assert.ok(receipt.includes(part), receipt);
  assert.ok(!receipt.includes('다시 인쇄'), receipt);
  // The member of staff, who has the same name, is named in full.
  assert.match(receipt, /고객\s+추○람/);
  // The web view writes no text for the hyphen and colon of this font.
  assert.match(receipt, /일시\s+\d{4}.\d\d.\d\d \d\d.\d\d/);
  assert.ok(!receipt.includes('PDF'), receipt);
  const info = execFileSync('pdfinfo', [pdf], { encoding: 'utf8' });
  assert.match(info, /Pages:\s+1\n/);
  // 80 mm are 226.77 points.
  assert.match(info, /Page size:\s+(226\.\d+|227) x/);
  // The program knows that it was printed.
  await desk.press('Esc');
  await desk.waitGone('slip-dialog');
  await desk.click('receipts-show');
  await desk.waitFor('slip-sheet', { text: '다시 인쇄' });
  // A card that is read closes the slip, and its Enter prints nothing.
  execFileSync('rm', [pdf]);
  await desk.scan('NS-2204-0391', 'Enter');
  await desk.waitGone('slip-dialog');
  await desk.waitFor('receipts-screen', { text: '추가람 님의 결제와 패널티' });

  await desk.openScreen('customers');
  await desk.type('customers-search', '추가람');
  await desk.click('customer-row');
  await desk.click('customer-print-card');
  await desk.waitFor('slip-sheet', { text: 'NS-2204-0391' });
  assert.ok(!existsSync(pdf));
  assert.ok((await printed()).includes('추가람'));
  execFileSync('pdftoppm', ['-gray', '-r', '300', '-singlefile', pdf, pdf]);
  const codes = execFileSync(READ_CODES, [`${pdf}.pgm`], { encoding: 'utf8' });
  assert.equal(codes.match(/: NS-2204-0391$/gm)?.length, 2, codes);
});

/** Whether a PDF has been written to its end. */
function isWhole(path) {
  try {
    execFileSync('pdfinfo', [path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
