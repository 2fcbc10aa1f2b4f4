import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaForTest } from '../../scripts/lib/kafka.mjs';
import { scenario } from './harness/scenario.mjs';
import { earnedThere, find, invoke, joinedTerminal, pay, quickSetUp, register, signIn } from './steps.mjs';

const REPLICATION_TIMEOUT = { timeoutMs: 60_000 };

scenario('the_window_takes_part_in_a_facility_of_two_terminals', async ({ launch, folder }) => {
  const kafka = await kafkaForTest();
  let other;
  try {
    const saved = join(folder().picked, 'code.txt');
    const desk = await launch({ environment: { NOSMOKE_PICK_SAVE: saved } });
    await quickSetUp(desk);
    await desk.waitFor('[data-testid="sync-chip"][data-state="alone"]');
    await desk.click('sync-chip');
    await desk.waitFor('[data-testid="sync-screen"][data-link="alone"]');
    await desk.screenshot('1-alone');

    // A trial of the typed connection reports an unreachable server before anything is saved.
    await desk.openScreen('connections');
    await desk.type('connection-servers', '127.0.0.1:1');
    await desk.click('connection-try');
    await desk.waitFor('trial-failed', REPLICATION_TIMEOUT);
    await desk.screenshot('2-unreachable');
    await desk.type('connection-servers', kafka.servers);
    await desk.click('connection-try');
    await desk.waitFor('trial-good', REPLICATION_TIMEOUT);
    await desk.screenshot('3-reachable');
    await desk.click('connection-save');
    await desk.waitFor('[data-testid="sync-chip"][data-state="online"]', REPLICATION_TIMEOUT);

    const joined = await joinedTerminal(desk, { folder: folder('b'), servers: kafka.servers });
    other = joined.other;
    const customerId = await earnedThere(joined, '김민수', 320);

    // This terminal shows points that were earned at the other terminal, and pays with them.
    await desk.click('rail-desk');
    await desk.until(
      async () => (await invoke(desk, 'search_customers', { text: '김민수', limit: 5 })).hits.length > 0,
      'this terminal knows the customer',
      REPLICATION_TIMEOUT,
    );
    await desk.until(
      async () => (await invoke(desk, 'customer_card', customerId)).points.balance === 320,
      'the balance is known here',
      REPLICATION_TIMEOUT,
    );
    await find(desk, '김민수');
    await desk.screenshot('4-held-elsewhere');
    await pay(desk, 100);
    await desk.until(
      async () => (await invoke(desk, 'customer_card', customerId)).points.balance === 220,
      'the payment is counted',
      REPLICATION_TIMEOUT,
    );
    await register(desk, { name: '홍길동' });

    // Open the sync screen from the rail, because the tooltip of the chip in the top bar would cover the first row.
    await desk.openScreen('sync');
    await desk.waitFor('[data-testid="sync-screen"][data-link="online"]');
    await desk.until(
      async () => {
        const view = await invoke(desk, 'sync_view');
        const there = await other.ask({ do: 'view' });
        const heard = view.terminals.find(({ terminalId }) => terminalId === other.id);
        const isIdle = view.pending === 0 && view.pendingDocuments === 0 && there.pending === 0;
        return isIdle && view.digest === there.digest && heard?.digest === 'same';
      },
      'both terminals have the same facts and know it by heartbeat',
      REPLICATION_TIMEOUT,
    );
    await desk.waitFor('[data-testid="terminal"][data-digest="same"]', REPLICATION_TIMEOUT);
    await desk.screenshot('5-sync');
    const [{ facts }] = desk.rows('SELECT count(*) AS facts FROM fact');
    assert.equal((await other.ask({ do: 'view' })).facts, facts);
    assert.deepEqual(desk.rows('SELECT * FROM pending'), []);

    // A second window joins with the pairing file that the first one saves, so nobody types the server's address.
    await desk.openScreen('connections');
    await desk.click('pairing-show');
    await desk.waitFor('pairing-code');
    await desk.screenshot('6-pairing');
    await desk.click('pairing-save');
    await desk.until(() => existsSync(saved), 'the code is saved', REPLICATION_TIMEOUT);
    const third = await launch({ terminal: 'c', environment: { NOSMOKE_PICK_OPEN: saved } });
    await third.click('setup-join');
    await third.screenshot('7-join');
    await third.click('join-open');
    await third.waitFor('join-says', { ...REPLICATION_TIMEOUT, text: kafka.servers });
    await third.screenshot('8-join-code');
    await third.press('Enter');
    await third.waitFor('join-filled');
    await third.click('connection-try');
    await third.waitFor('trial-good', REPLICATION_TIMEOUT);
    await third.screenshot('9-join-connection');
    await third.click('connection-tls');
    await third.click('connection-caFile-pick');
    await third.until(
      async () =>
        (await third.run(() => document.querySelector('[data-testid="connection-caFile"]').value)) !== '',
      'the path is filled in',
      REPLICATION_TIMEOUT,
    );
    await third.screenshot('10-join-files');
    await third.click('connection-plain');
    await third.click('join-next');
    await third.type('join-terminal', '단말 3 · 관리실');
    await third.screenshot('11-join-terminal');
    await third.press('Enter');
    // It makes nobody: the facility's people come over the link, and sign in with the PIN they have.
    await third.waitFor('person', REPLICATION_TIMEOUT);
    await third.screenshot('11-people-have-come');
    await signIn(third);
    await third.waitFor('[data-testid="sync-chip"][data-state="online"]', REPLICATION_TIMEOUT);
    await third.until(
      async () => (await invoke(third, 'search_customers', { text: '김민수', limit: 5 })).hits.length > 0,
      'the customer is known there',
      REPLICATION_TIMEOUT,
    );
    await third.screenshot('12-joined');
    await desk.openScreen('sync');
    await desk.until(
      () =>
        desk.run(
          () => document.querySelectorAll('[data-testid="terminal"][data-digest="same"]').length === 2,
        ),
      'both other terminals have the same facts',
      REPLICATION_TIMEOUT,
    );
    await desk.screenshot('13-sync-of-three');
    await third.close();

    // Without a connection the desk goes on, and a payment names the terminal that holds the points.
    kafka.kill();
    await desk.waitFor('[data-testid="sync-chip"][data-state="offline"]', REPLICATION_TIMEOUT);
    await desk.screenshot('14-sync-offline');
    await desk.click('rail-desk');
    await find(desk, '김민수');
    await desk.waitFor('offline-card');
    await desk.press('F4');
    await desk.type('pay-points', '220');
    await desk.screenshot('15-pay-offline');
    await desk.press('Enter');
    await desk.waitFor('[data-testid="error"][data-code="held_elsewhere"]', {
      ...REPLICATION_TIMEOUT,
      text: '단말 2',
    });
    await desk.screenshot('16-held-elsewhere');
  } finally {
    other?.kill();
    await kafka.stop();
  }
});
