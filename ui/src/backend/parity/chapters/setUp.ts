import { BOOTH, type Chapter, EAST, LONG_NAME, MANAGER_PIN, NO_ONE, ROOF } from '../chapter';

const FACILITY = {
  facilityName: '한빛역 환승센터',
  terminalName: '단말 1 · 동문 데스크',
  areas: [{ name: EAST, capacity: 12 }, { name: BOOTH, capacity: 1 }, { name: ROOF }],
  managerName: '박서연',
  pin: MANAGER_PIN,
};

export const setUp: Chapter = {
  name: 'first start and set-up',
  play: async (desk) => {
    await desk.ask('first start', 'start');
    await desk.ask('the desk before the set-up', 'occupancy');
    await desk.ask('Sync before the set-up', 'syncView');
    await desk.ask('the lock screen before the set-up', 'lockScreen');
    await desk.ask('signing in before the set-up', 'signIn', { staffId: NO_ONE, pin: MANAGER_PIN });
    const command = { type: 'saveFacility', name: '역' } as const;
    await desk.ask('a command before the set-up', 'record', { idempotencyKey: 'early', command });
    const refused: [string, Partial<typeof FACILITY>][] = [
      ['no facility name', { facilityName: '' }],
      ['a blank facility name', { facilityName: ' \t' }],
      ['a long terminal name', { terminalName: LONG_NAME }],
      ['a manager name with a control character', { managerName: '박\u0007' }],
      ['no areas', { areas: [] }],
      ['a blank area name', { areas: [{ name: '' }] }],
      ['an area name twice', { areas: [{ name: ROOF }, { name: ROOF }] }],
      ['no capacity', { areas: [{ name: ROOF, capacity: 0 }] }],
      ['half a capacity', { areas: [{ name: ROOF, capacity: 1.5 }] }],
      ['a large capacity', { areas: [{ name: ROOF, capacity: 100_001 }] }],
      ['a short PIN', { pin: '12345' }],
      ['a long PIN', { pin: '1234567890123' }],
      ['a PIN with a letter', { pin: '1234a6' }],
    ];
    for (const [step, change] of refused) await desk.ask(step, 'setUp', { ...FACILITY, ...change });
    const founded = await desk.ask('set up', 'setUp', FACILITY);
    desk.recoveryCode = founded?.recoveryCode ?? '';
    await desk.ask('set up again', 'setUp', FACILITY);
    await desk.look('after the set-up');
  },
};

export const facility: Chapter = {
  name: 'names and areas are changed',
  play: async (desk) => {
    const facilityNames: [string, string][] = [
      ['the facility gets a name', '한빛역 북측 환승센터'],
      ['a blank facility name', ' '],
      ['a long facility name', LONG_NAME],
    ];
    for (const [step, name] of facilityNames) await desk.record(step, { type: 'saveFacility', name });
    await desk.record('the terminal gets a name', { type: 'saveTerminal', name: '단말 1 · 북문' });
    await desk.record('a terminal name with a NUL', { type: 'saveTerminal', name: '단말\0' });

    const added = await desk.record('an area is added', { type: 'saveArea', name: '서문', capacity: 8 });
    const areaId = added?.areaId ?? '';
    await desk.record('an area name that is taken', { type: 'saveArea', name: ROOF });
    await desk.record('an area name that reads alike', { type: 'saveArea', name: ` ${ROOF}\u3000` });
    await desk.record('a blank area name', { type: 'saveArea', name: '' });
    await desk.record('an area of nobody', { type: 'saveArea', name: '없음', capacity: 0 });
    await desk.record('an area of a text', {
      type: 'saveArea',
      name: '없음',
      capacity: 'x' as unknown as number,
    });
    await desk.record('an unknown area', { type: 'saveArea', areaId: NO_ONE, name: '없음' });
    await desk.record('the area is changed', {
      type: 'saveArea',
      areaId,
      name: '서문 흡연구역',
      capacity: 2,
    });
    await desk.record('the area keeps its name', { type: 'saveArea', areaId, name: '서문 흡연구역' });
    await desk.record('the area is retired', { type: 'retireArea', areaId });
    await desk.record('it is retired again', { type: 'retireArea', areaId });
    await desk.record('someone enters the retired area', { type: 'checkIn', areaId: '서문  흡연구역' });
    await desk.record('someone enters it by its id', { type: 'checkIn', areaId });
    await desk.record('a retired area is changed', { type: 'saveArea', areaId, name: '서문' });
    await desk.record('its name is free again', { type: 'saveArea', name: '서문 흡연구역', capacity: 3 });

    await desk.record('no hub', { type: 'saveHub', terminalId: null });
    await desk.record('an unknown hub', { type: 'saveHub', terminalId: NO_ONE });
    await desk.record('an unknown terminal is retired', {
      type: 'retireTerminal',
      terminalId: NO_ONE,
      retired: true,
    });
    const start = await desk.backend.start();
    const terminalId = start.state === 'ready' ? start.session.terminal.id : '';
    await desk.record('this terminal is the hub', { type: 'saveHub', terminalId });
  },
};
