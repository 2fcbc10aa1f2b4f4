import assert from 'node:assert/strict';
import { startPostgres } from './harness/postgres.mjs';
import { scenario } from './harness/scenario.mjs';
import { checkIn, checkOut, find, invoke, pay, quickSetUp, register, signIn } from './steps.mjs';

const SERVER_TIMEOUT = { timeoutMs: 60_000 };

const row = (kind, status) => `[data-testid="mypage-row"][data-kind="${kind}"][data-status="${status}"]`;
const rows = (desk) => desk.run(() => document.querySelectorAll('[data-testid="mypage-row"]').length);

/** Opens Settings and types the PostgreSQL server's address and credentials, without saving. */
async function typeServer(desk, server) {
  await desk.openScreen('connections');
  await desk.click('mypage-postgres');
  await desk.type('mypage-host', '127.0.0.1');
  await desk.type('mypage-port', String(server.port));
  await desk.type('mypage-database', server.database);
  await desk.type('mypage-user', server.user);
  await desk.click('mypage-plain');
}

/** Opens a customer's Mypage with F8. */
async function openMypage(desk, name) {
  await desk.click('rail-desk');
  await find(desk, name);
  await desk.press('F8');
  await desk.waitFor('mypage-screen');
}

scenario('s05_mypage_moves_to_a_postgresql_server_and_back', async ({ launch }) => {
  const server = await startPostgres();
  try {
    const desk = await launch();
    await quickSetUp(desk);
    await register(desk, { name: '김민수' });
    await checkIn(desk, 1);
    await checkOut(desk);
    await pay(desk, 30);

    // A trial of the typed server reports a wrong password before anything is saved.
    await typeServer(desk, server);
    await desk.type('mypage-password', 'not this one');
    await desk.click('mypage-try');
    await desk.waitFor('[data-testid="error"][data-code="mypage_bad_credentials"]', SERVER_TIMEOUT);
    await desk.screenshot('1-wrong-password');
    await desk.type('mypage-password', server.password);
    await desk.click('mypage-try');
    await desk.waitFor('trial-good', { text: 'PostgreSQL', ...SERVER_TIMEOUT });
    await desk.screenshot('2-tried');
    await desk.click('mypage-save');
    await desk.waitFor('settings-said', { text: '이 서버를 쓰고' });

    // With the server as Mypage's database, Mypage shows the same histories and also new entries.
    await openMypage(desk, '김민수');
    await desk.waitFor(row('visit', 'EARNED'), SERVER_TIMEOUT);
    await desk.waitFor(row('payment', 'PAID'), SERVER_TIMEOUT);
    const before = await rows(desk);
    await desk.click('rail-desk');
    await find(desk, '김민수');
    await pay(desk, 20);
    await openMypage(desk, '김민수');
    await desk.until(async () => (await rows(desk)) === before + 1, 'the payment is shown', SERVER_TIMEOUT);
    await desk.screenshot('3-from-the-server');

    // While the server is down, Mypage shows an error and the desk goes on. After its restart nothing is missing.
    await server.kill();
    await desk.click('rail-desk');
    await find(desk, '김민수');
    await pay(desk, 10);
    await openMypage(desk, '김민수');
    await desk.waitFor('[data-testid="error"][data-code="mypage_unreachable"]', SERVER_TIMEOUT);
    await desk.screenshot('4-away');
    await server.start();
    await openMypage(desk, '김민수');
    await desk.until(async () => (await rows(desk)) === before + 2, 'nothing is missing', SERVER_TIMEOUT);

    // The chosen database and the password are kept across a restart of the program.
    await desk.close();
    const again = await launch();
    await signIn(again);
    assert.equal((await invoke(again, 'mypage_engine')).engine, 'postgres');
    await openMypage(again, '김민수');
    await again.until(
      async () => (await rows(again)) === before + 2,
      'Mypage reads from the server',
      SERVER_TIMEOUT,
    );
    await again.openScreen('connections');
    await again.click('mypage-sqlite');
    await again.click('mypage-save');
    await again.waitFor('settings-said', { text: '이 컴퓨터에 보관합니다' });
    await server.stop();
    await openMypage(again, '김민수');
    await again.until(
      async () => (await rows(again)) === before + 2,
      'Mypage reads from mypage.db',
      SERVER_TIMEOUT,
    );
  } finally {
    await server.stop();
  }
});
