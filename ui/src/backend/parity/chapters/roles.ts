import type { Command, Correctable } from '../../types';
import { type Chapter, EAST, enter, NO_ONE, ROOF } from '../chapter';

/** Tries calls that need a role. Played again for each role below manager. */
export const roles: Chapter = {
  name: 'what needs a role is refused below it',
  play: async (desk) => {
    const customerId = desk.customer('김민수');
    const commands: Command[] = [
      { type: 'adjustPoints', customerId, points: 1, reason: 'other' },
      { type: 'linkCustomers', customerId, otherId: customerId },
      { type: 'partCustomers', customerId, otherId: customerId },
      { type: 'resolveCase', reason: 'erased', about: 'x', resolution: 'accepted', facts: [] },
      { type: 'takeEdit', kind: 'area', editId: NO_ONE },
      { type: 'dropEdit', kind: 'customer', editId: NO_ONE },
      { type: 'eraseCustomer', customerId: NO_ONE },
      { type: 'saveArea', name: '서문' },
      { type: 'retireArea', areaId: NO_ONE },
      { type: 'saveFacility', name: '' },
      { type: 'saveTerminal', name: '' },
      { type: 'saveHub', terminalId: null },
      { type: 'retireTerminal', terminalId: NO_ONE, retired: true },
      { type: 'checkIn', customerId: NO_ONE, areaId: EAST, admission: 'medical' },
      { type: 'checkOut', visitId: NO_ONE, points: 5 },
      { type: 'deductPenalty', penaltyId: NO_ONE, ground: 'waiver', points: 1 },
      { type: 'enterVisit', customerId: NO_ONE, areaId: EAST, beganAt: desk.now, endedAt: desk.now },
      { type: 'pay', customerId: NO_ONE, points: 1, happenedAt: desk.now },
      { type: 'imposePenalty', customerId: NO_ONE, happenedAt: desk.now },
      { type: 'deductPenalty', penaltyId: NO_ONE, ground: 'service', happenedAt: desk.now },
      { type: 'registerCustomer', profile: { name: '' } },
    ];
    for (const command of commands) await desk.record(command.type, command);
    await desk.ask('stop', 'stopContext', { name: 'pay', reason: null });
    await desk.ask('start', 'startContext', 'pay');
    await desk.ask('gateway', 'gateway');
    await desk.ask('gateway', 'saveGateway', { enabled: false, port: 8_080 });
    const updates = { enabled: false, address: '', key: '' };
    await desk.ask('updates', 'updates');
    await desk.ask('updates', 'saveUpdates', updates);
    await desk.ask('updates', 'tryUpdates', updates);
    await desk.ask('updates', 'installUpdate');
    await desk.ask('printer', 'printer');
    await desk.ask('printer', 'savePrinter', { place: { type: 'none' }, roll: 'mm58', hangul: 'picture' });
    await desk.ask('backups', 'backupSchedule');
    await desk.ask('backups', 'saveBackupSchedule', { enabled: false, hour: 3, keep: 7 });
    await desk.ask('backups', 'chooseBackupFolder');
    await desk.ask('backups', 'saveBackupPassphrase', '한빛역 12');
    await desk.ask('engine', 'mypageEngine');
    await desk.ask('engine', 'saveMypageEngine', { engine: { engine: 'sqlite' } });
    await desk.ask('tracing', 'tracing');
    await desk.ask('tracing', 'saveTracing', { otlp: null, zipkin: null });
    await desk.ask('connection', 'connection');
    await desk.ask('pairing', 'pairing');
    await desk.ask('pairing', 'acceptPairing', '');
    await desk.ask('quarantine', 'quarantine', null);
    await desk.ask('reclaim', 'reclaim', NO_ONE);
    await desk.ask('import', 'runImport', NO_ONE);
    await desk.ask('preferences', 'savePreferences', {
      language: 'ko',
      theme: 'auto',
      sound: false,
      zoom: 100,
      scanner: { paceMs: 50, prefix: '' },
      autoLockMinutes: 10,
    });
  },
};

/** The role staff may void only recent entries. */
export const voidWindow: Chapter = {
  name: 'the void window passes',
  play: async (desk) => {
    const customerId = desk.customer('김민수');
    const paid = await desk.record('a payment', { type: 'pay', customerId, points: 1 });
    const imposed = await desk.record('a penalty', { type: 'imposePenalty', customerId, points: 1 });
    const entered = await desk.record('a visit', { type: 'checkIn', customerId, areaId: EAST });
    const left = await enter(desk, 'Anna Kim', ROOF);
    await desk.record('a check-out', { type: 'checkOut', visitId: left });
    const of: Correctable[] = [
      { type: 'visit', visitId: entered?.visitId ?? NO_ONE },
      { type: 'visit', visitId: left },
      { type: 'payment', paymentId: paid?.paymentId ?? NO_ONE },
      { type: 'penalty', penaltyId: imposed?.penaltyId ?? NO_ONE },
      { type: 'payment', paymentId: NO_ONE },
      { type: 'checkOuts', act: NO_ONE },
    ];
    const corrections = async (step: string) => {
      for (const one of of) await desk.ask(`${step}: corrections of a ${one.type}`, 'corrections', one);
    };
    await desk.wait(10);
    await desk.look('the last minute for the payment');
    await corrections('the last minute');
    await desk.wait(5);
    await desk.look('after the window');
    await corrections('after the window');
    await desk.record('the payment', {
      type: 'voidPayment',
      paymentId: paid?.paymentId ?? '',
      reason: 'other',
    });
    await desk.record('the penalty', {
      type: 'voidPenalty',
      penaltyId: imposed?.penaltyId ?? NO_ONE,
      reason: 'other',
    });
    await desk.record('the visit', { type: 'voidVisit', visitId: entered?.visitId ?? '', reason: 'other' });
    await desk.record('the check-out', { type: 'takeBackCheckOut', visitId: left });
    await desk.record('Anna checks out', { type: 'checkOut', visitId: left });
    await desk.record('the visit ends', { type: 'checkOut', visitId: entered?.visitId ?? '' });
  },
};
