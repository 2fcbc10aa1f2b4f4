import { beforeEach, describe, expect, it } from 'vitest';
import type { HolderView, Job, SyncView } from '../types';
import { createMockBackend, type MockBackend } from '.';
import { newId } from './world';

let backend: MockBackend;
let keys = 0;

function open(scenario: Parameters<typeof createMockBackend>[0] = {}): void {
  backend = createMockBackend({ sync: 'online', ...scenario });
}
const record = (command: Parameters<MockBackend['record']>[0]['command']) => {
  keys += 1;
  return backend.record({ idempotencyKey: `key ${keys}`, command });
};
const terminalNamed = ({ terminals }: SyncView, name: string) => {
  const found = terminals.find((one) => one.name?.startsWith(name));
  if (!found) throw new Error(`no terminal ${name}`);
  return found;
};
const reclaimed = async (terminalId: string) => {
  const ended = new Promise<Job>((resolve) => {
    backend.onJob((job) => job.state !== 'running' && resolve(job));
  });
  await backend.reclaim(terminalId);
  return ended;
};
const refusal = (code: string) => expect.objectContaining({ code });

beforeEach(() => open());

describe('retiring a terminal', () => {
  it('makes all its points reclaimable, and taking it back ends that', async () => {
    const { terminalId, held } = terminalNamed(await backend.syncView(), '단말 2');
    expect(held).toBe(0);
    await expect(backend.reclaim(terminalId)).rejects.toEqual(refusal('terminal_alive'));
    await record({ type: 'retireTerminal', terminalId, retired: true });
    expect(terminalNamed(await backend.syncView(), '단말 2')).toMatchObject({ retired: true, held: 3_200 });
    await record({ type: 'retireTerminal', terminalId, retired: false });
    expect(terminalNamed(await backend.syncView(), '단말 2')).toMatchObject({ retired: false, held: 0 });
  });

  it('is a manager’s, and of known terminals, this one too', async () => {
    await expect(record({ type: 'retireTerminal', terminalId: newId(), retired: true })).rejects.toEqual(
      refusal('unknown_terminal'),
    );
    const { id: terminalId } = backend.world.terminal;
    await record({ type: 'retireTerminal', terminalId, retired: true });
    expect(terminalNamed(await backend.syncView(), '단말 1')).toMatchObject({ here: true, retired: true });
    backend.world.staff.role = 'supervisor';
    await expect(record({ type: 'retireTerminal', terminalId, retired: false })).rejects.toEqual(
      refusal('not_authorised'),
    );
  });
});

describe('points of other terminals', () => {
  const holder = (points: number, more: Partial<HolderView> = {}): HolderView => ({
    terminalName: '단말 2 · 서문 입구',
    points,
    lastHeardAt: Date.now(),
    gives: true,
    earlier: false,
    here: false,
    ...more,
  });
  const customerWith = (holders: HolderView[]) => {
    const found = [...backend.world.customers.values()].find(({ phone }) => phone?.endsWith('1190'));
    if (!found) throw new Error('no customer');
    found.holders = holders;
    return found;
  };

  it('are given to a payment and to a negative correction, no more than is missing', async () => {
    const { customerId } = customerWith([holder(80)]);
    const before = await backend.mypage({ customerId, filter: 'all', limit: 10 });
    await record({ type: 'pay', customerId, points: 130 });
    const { points } = await backend.customerCard(customerId);
    expect(points).toMatchObject({ balance: 50, payableHere: 0, holders: [{ points: 50 }] });
    await record({ type: 'adjustPoints', customerId, points: -50, reason: 'correction' });
    expect((await backend.customerCard(customerId)).points).toEqual({
      balance: 0,
      payableHere: 0,
      holders: [],
    });
    const after = await backend.mypage({ customerId, filter: 'all', limit: 10 });
    expect(after.entries.map(({ balance }) => balance)).toEqual(expect.arrayContaining([50, 0]));
    expect(after.entries).toHaveLength(before.entries.length + 2);
  });

  it.each([
    ['does not give', { gives: false }],
    ['is an earlier incarnation', { gives: false, earlier: true }],
    ['is silent', { lastHeardAt: Date.now() - 60_000 }],
    ['was never heard', { lastHeardAt: null }],
  ])('stay where they are if their holder %s', async (_, more) => {
    const held = holder(80, more);
    const { customerId } = customerWith([held]);
    await expect(record({ type: 'pay', customerId, points: 130 })).rejects.toMatchObject({
      code: 'held_elsewhere',
      params: { balance: 180, payableHere: 100, holders: [held] },
    });
  });

  it('are reclaimed of a silent terminal with its earlier incarnations, after a wait', async () => {
    open({ replication: 'trouble', reclaimWaitS: 1 });
    const { terminalId } = terminalNamed(await backend.syncView(), '단말 4');
    const waits: (number | null)[] = [];
    backend.onJob((job) => waits.push(job.waits));
    expect(await reclaimed(terminalId)).toMatchObject({ state: 'done', waits: null });
    expect(waits.slice(0, 2)).toEqual([1, null]);
    expect(terminalNamed(await backend.syncView(), '단말 4').held).toBe(0);
  });

  it('are reclaimed only of earlier incarnations while the terminal is heard', async () => {
    open({ replication: 'trouble' });
    const name = '단말 3 · 옥상 정원';
    const current = holder(40, { terminalName: name });
    const customer = customerWith([current, holder(90, { terminalName: name, gives: false, earlier: true })]);
    await reclaimed(terminalNamed(await backend.syncView(), '단말 3').terminalId);
    expect(customer.holders).toEqual([current]);
    expect((await backend.customerCard(customer.customerId)).points).toMatchObject({ payableHere: 190 });
  });
});
