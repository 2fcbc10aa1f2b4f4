import { type Chapter, EAST, enter, LONG_NAME, MANAGER_PIN, NO_ONE, PEOPLE, ROOF } from '../chapter';
import type { Desk } from '../desk';

export const MANAGER = '박서연';
const THIRD = '정우성';

async function noteStaff(desk: Desk): Promise<void> {
  for (const { name, staffId } of await desk.backend.staffMembers()) desk.staff.set(name, staffId);
}

/** Signs somebody in, and looks at the screens as that person. */
export async function signIn(desk: Desk, name: string, pin: string): Promise<void> {
  await desk.ask(`${name} signs in`, 'signIn', { staffId: desk.staffId(name), pin });
}

export const house: Chapter = {
  name: 'people are added, changed and retired',
  play: async (desk) => {
    const save = (step: string, input: Parameters<Desk['backend']['saveStaff']>[0]) =>
      desk.ask(step, 'saveStaff', input);
    const { supervisor, staff } = PEOPLE;
    await desk.ask('the table of permissions', 'permissions');
    await noteStaff(desk);
    const manager = desk.staffId(MANAGER);
    await save('a blank name', { name: ' ', role: 'staff', pin: '1234' });
    await save('a long name', { name: LONG_NAME, role: 'staff', pin: '1234' });
    await save('a name that is taken', { name: MANAGER, role: 'staff', pin: '1234' });
    await save('no PIN', { name: staff.name, role: 'staff' });
    await save('a short PIN', { name: staff.name, role: 'staff', pin: '123' });
    await save('a PIN with a letter', { name: staff.name, role: 'staff', pin: '12a4' });
    await save('a short PIN of a manager', { name: staff.name, role: 'manager', pin: '12345' });
    await save('nobody', { staffId: NO_ONE, name: staff.name, role: 'staff', pin: '1234' });
    await save('a supervisor', { ...supervisor, role: 'supervisor' });
    await save('a member of staff', { ...staff, role: 'staff' });
    await save('a third', { name: THIRD, role: 'staff', pin: '4321' });
    await noteStaff(desk);
    const third = desk.staffId(THIRD);
    await save('the third is renamed', { staffId: third, name: '정우진', role: 'supervisor' });
    await save('the third becomes a manager', { staffId: third, name: THIRD, role: 'manager' });
    await save('with a PIN', { staffId: third, name: THIRD, role: 'manager', pin: '654321' });
    await save('the third is demoted', { staffId: third, name: THIRD, role: 'staff' });
    await save('the last manager is demoted', { staffId: manager, name: MANAGER, role: 'staff' });
    await desk.ask('the last manager is retired', 'retireStaff', manager);
    await desk.ask('the third is retired', 'retireStaff', third);
    await desk.ask('retired again', 'retireStaff', third);
    await desk.ask('a retired PIN', 'resetPin', { staffId: third, pin: '4321' });
    await save('the third comes back without a PIN', { staffId: third, name: THIRD, role: 'staff' });
    await save('the third comes back', { staffId: third, name: THIRD, role: 'staff', pin: '9876' });
    await desk.ask('a short reset', 'resetPin', { staffId: third, pin: '123' });
    await desk.ask('a reset', 'resetPin', { staffId: third, pin: '4321' });
    await desk.ask('a reset of nobody', 'resetPin', { staffId: NO_ONE, pin: '4321' });
    await desk.ask('the third is retired again', 'retireStaff', third);
    await desk.ask('the own PIN, wrong', 'changeOwnPin', { pin: '111111', newPin: '135791' });
    await desk.ask('the own PIN, short', 'changeOwnPin', { pin: MANAGER_PIN, newPin: '1357' });
    await desk.ask('the own PIN', 'changeOwnPin', { pin: MANAGER_PIN, newPin: '135791' });
    await desk.ask('the own PIN again', 'changeOwnPin', { pin: '135791', newPin: MANAGER_PIN });
    await desk.ask('the staff', 'staffMembers');
  },
};

export const locked: Chapter = {
  name: 'a locked terminal does nothing but what everybody may',
  play: async (desk) => {
    const command = { type: 'saveFacility', name: '역' } as const;
    const visitId = await enter(desk, 'Anna Kim', ROOF);
    await desk.record('the evacuation list shows counts', { type: 'saveEvacuation', content: 'counts' });
    await desk.ask('the evacuation list', 'evacuationList');
    await desk.record('the evacuation list shows names', { type: 'saveEvacuation', content: 'names' });
    await desk.ask('locked', 'lock');
    await desk.ask('locked again', 'lock');
    await desk.ask('the lock screen', 'lockScreen');
    await desk.ask('the start', 'start');
    await desk.ask('the desk', 'occupancy');
    await desk.ask('a search', 'searchCustomers', { text: '', limit: 5 });
    await desk.ask('a command', 'record', { idempotencyKey: 'locked', command });
    await desk.ask('the staff', 'staffMembers');
    await desk.ask('the evacuation list', 'evacuationList');
    await desk.ask('a short PIN', 'signIn', { staffId: desk.staffId(MANAGER), pin: '123' });
    await desk.ask('nobody signs in', 'signIn', { staffId: NO_ONE, pin: '1234' });
    await desk.ask('a retired one signs in', 'signIn', { staffId: desk.staffId(THIRD), pin: '4321' });
    for (const pin of ['000000', '000001']) {
      await desk.ask('a wrong PIN', 'signIn', { staffId: desk.staffId(MANAGER), pin });
    }
    await desk.ask('a first manager', 'firstManager', { name: '첫째', pin: '123456' });
    await desk.ask('a mistyped code', 'recover', {
      code: 'ABCDE',
      staffId: desk.staffId(MANAGER),
      pin: MANAGER_PIN,
    });
    const used = desk.recoveryCode;
    const next = await desk.ask('the recovery code', 'recover', {
      code: used.toLowerCase().replaceAll('-', ' '),
      staffId: desk.staffId(MANAGER),
      pin: '135791',
    });
    desk.recoveryCode = next?.nextCode ?? '';
    await desk.ask('the code is used up', 'recover', {
      code: used,
      staffId: desk.staffId(MANAGER),
      pin: MANAGER_PIN,
    });
    await signIn(desk, MANAGER, MANAGER_PIN);
    await signIn(desk, MANAGER, '135791');
    await desk.ask('the own PIN is changed back', 'changeOwnPin', { pin: '135791', newPin: MANAGER_PIN });
    await desk.ask('the lock screen of somebody signed in', 'lockScreen');
    await desk.record('Anna checks out', { type: 'checkOut', visitId });
  },
};

/** What somebody of a higher role approves over the screen of the one who is signed in. */
export const approvals: Chapter = {
  name: 'a higher role approves one act',
  play: async (desk) => {
    const { supervisor } = PEOPLE;
    const customerId = desk.customer('김민수');
    const approver = { staffId: desk.staffId(MANAGER), pin: MANAGER_PIN };
    const adjust = { type: 'adjustPoints', customerId, points: 3, reason: 'other' } as const;
    const ask = (step: string, approvedBy: typeof approver) =>
      desk.ask(step, 'record', { idempotencyKey: 'approved', command: adjust, approver: approvedBy });
    await desk.wait(1);
    await ask('a wrong PIN', { ...approver, pin: '999999' });
    await ask('nobody', { ...approver, staffId: NO_ONE });
    await ask('a supervisor', { staffId: desk.staffId(supervisor.name), pin: supervisor.pin });
    await ask('a manager', approver);
    await desk.look('after the approval', [customerId]);
    await desk.record('the next act isn\u2019t approved', { ...adjust, points: 4 });
    await desk.record('somebody checks in', { type: 'checkIn', customerId, areaId: EAST });
    await desk.ask('the staff', 'staffMembers');
  },
};

/** Tokens, keeping and erasing, and who did what. The rows of the access log depend on how often the screens look. */
export const records: Chapter = {
  name: 'tokens, personal data and who did what',
  play: async (desk) => {
    await desk.ask('the tokens', 'tokens');
    await desk.ask('a blank token', 'makeToken', { name: '', scopes: ['enter'] });
    await desk.ask('a token for nothing', 'makeToken', { name: '회전문', scopes: [] });
    const made = await desk.ask('a token', 'makeToken', { name: '회전문', scopes: ['enter', 'leave'] });
    const tokenId = made?.token.tokenId ?? '';
    await desk.ask('a token of the same name', 'makeToken', { name: '회전문', scopes: ['pay'] });
    await desk.wait(1);
    await desk.ask('it is rotated', 'rotateToken', tokenId);
    await desk.ask('the owner is rotated', 'rotateToken', 'owner');
    await desk.ask('the owner is revoked', 'revokeToken', 'owner');
    await desk.ask('it is revoked', 'revokeToken', tokenId);
    await desk.ask('revoked again', 'revokeToken', tokenId);
    await desk.ask('rotated after that', 'rotateToken', tokenId);
    await desk.ask('nobody is rotated', 'rotateToken', NO_ONE);
    await desk.ask('the tokens', 'tokens');

    await desk.ask('keeping', 'keeping');
    await desk.ask('no years', 'saveKeeping', { unseenYears: 0, notice: '' });
    await desk.ask('a long notice', 'saveKeeping', { unseenYears: null, notice: '가'.repeat(4_001) });
    await desk.ask('the unseen, switched off', 'unseenCustomers', { limit: 20 });
    await desk.ask('keeping is saved', 'saveKeeping', { unseenYears: 3, notice: '안내' });
    await desk.ask('the unseen', 'unseenCustomers', { limit: 20 });
    await desk.ask('an erasure', 'erasurePreview', { customerId: desk.customer('Anna Kim') });
    await desk.ask('an erasure of nobody', 'erasurePreview', { customerId: NO_ONE });
    await desk.ask('an erasure of an erased one', 'erasurePreview', {
      customerId: desk.customer('남궁 민수'),
    });
    const by = { kind: 'staff', staffId: desk.staffId(MANAGER) } as const;
    for (const kind of ['paid', 'paymentVoided', 'penaltyDeducted'] as const) {
      await desk.ask(`who did ${kind}`, 'whoDidWhat', { filter: { by, kind }, limit: 100 });
    }
    await desk.ask('the recorders', 'recorders');
    await desk.ask('printed', 'notePrinted', { count: 1 });
  },
};
