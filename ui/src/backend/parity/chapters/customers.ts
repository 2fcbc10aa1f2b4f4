import type { ProfileInput } from '../../types';
import { type Chapter, LONG_NAME, NO_ONE, ROOF, register } from '../chapter';

const REFUSED: [step: string, profile: ProfileInput][] = [
  ['no name', { name: '' }],
  ['a blank name', { name: '\u3000 ' }],
  ['a long name', { name: LONG_NAME }],
  ['a name with a NUL', { name: '김\0민수' }],
  ['a phone with a control character', { name: '김', phone: '010\u0008' }],
  ['a long phone', { name: '김', phone: '0'.repeat(41) }],
  ['a long card', { name: '김', card: 'N'.repeat(65) }],
  ['a card that is taken', { name: '김', card: 'NS-2204-0139' }],
  ['the card in another form', { name: '김', card: 'ns 2204 0139' }],
  ['the card typed in Hangul', { name: '김', card: 'ㅜㄴ-2204-0139' }],
  ['the card with a prefix', { name: '김', card: ']C1NS-2204-0139' }],
  ['the card with what nobody sees', { name: '김', card: '\ufeffNS-22\u200b04-01\u000039' }],
];

export const customers: Chapter = {
  name: 'customers are registered and revised',
  play: async (desk) => {
    const minsu = await register(desk, { name: '김민수', phone: '010-2345-7305', card: 'NS-2204-0139' });
    await register(desk, { name: '오재현', phone: '010 9917 3917' });
    await register(desk, { name: 'Anna Kim', card: 'ab-77' });
    await register(desk, { name: '남궁 민수', phone: '', card: '' });
    await register(desk, { name: 'José García', phone: '01023457305', card: '00000391' });
    await register(desk, { name: 'Ｎguyễn Đức\u200b', phone: '０１０．５５５５．４４４４' });
    await register(desk, { name: 'Søren Strauß', phone: '1055554445', card: ']NS\u200b-5' });
    await register(desk, { name: '카드 둘', phone: '010-5555-0391', card: ']C1００391\u200b' });
    await register(desk, { name: '카드 셋', phone: '010-5555-4821', card: ' ㅜㄴ-4821 ' });
    await register(desk, { name: '카드 넷', card: '4821' });
    for (const [step, profile] of REFUSED) {
      await desk.record(`register ${step}`, { type: 'registerCustomer', profile });
      await desk.record(`revise to ${step}`, {
        type: 'reviseCustomer',
        customerId: desk.customer('오재현'),
        baseRevision: 1,
        profile,
      });
    }
    await desk.record('a revision', {
      type: 'reviseCustomer',
      customerId: minsu,
      baseRevision: 1,
      profile: { name: '김민수', phone: '+82 10-2345-7305', card: 'NS-2204-0139' },
    });
    await desk.record('a stale revision', {
      type: 'reviseCustomer',
      customerId: minsu,
      baseRevision: 1,
      profile: { name: '김민서' },
    });
    await desk.record('a revision of nobody', {
      type: 'reviseCustomer',
      customerId: NO_ONE,
      baseRevision: 1,
      profile: { name: '김민서' },
    });
    await desk.ask('the card of nobody', 'customerCard', NO_ONE);
    const mypage = { customerId: NO_ONE, filter: 'all', limit: 10 } as const;
    await desk.ask('Mypage of nobody', 'mypage', mypage);
    await desk.ask('the chart of nobody', 'chart', mypage);
    await desk.ask('last entries of nobody', 'recentEntries', { customerId: NO_ONE, limit: 10 });
  },
};

const TEXTS = [
  ...['김민수', '민수', '김 민', '김미', '김ㅁ', 'ㄱㅁㅅ', 'ㅁㅅ', '김ㅁㅅ', 'ㅗㅈ', '기', '남궁민'],
  ...['anna', 'ANNA K', 'nak', 'kim', '없는 사람', '김민수김', '%', '_'],
  ...['7305', '010', '23457305', '010-2345', '+82 10 2345', '5', '0109917', '9917-39'],
  ...[
    '김민수 7305',
    '7305 ㄱㅁㅅ',
    '민수,7305',
    '민수7305',
    '김민수(010-2345-7305)',
    '민수 3917',
    '7305 3917',
  ],
  ...[
    'ㄱㅁㅅ NS-2204-0139',
    'ㅜㄴ-2204-0139 민수',
    '00000391 7305',
    '7305 00000391 jose',
    '김민수 010 2345 7305',
  ],
  ...[
    'jose',
    'garcia jose',
    'JOSE\u0301',
    'josé 7305',
    'jose 3917',
    'nguyen',
    'duc',
    'soren',
    'strauss',
    'ｓøren',
  ],
  ...['01055554444', '010/5555/4444', '(010) 5555-4445', '0082 10 5555 4445', '821055554445', '1055554444'],
  ...[
    '\u202a010-5555-4444\u202c',
    '５５５５',
    '+82',
    '0082',
    '+',
    '()',
    '가 1 나 2 다 3 라 4',
    '민수 / 7305',
    "'",
  ],
  ...['NS-2204-0139', 'ns22040139', 'NS-2204', 'ㅜㄴ-2204-0139', 'AB77', 'ab', ' NS-2204-0139 '],
  ...[']C1NS-2204-0139', '\u200bＮＳ-2204-0139', '391', '00391', '0391', '0AB77', '4821', 'NS-4821', '91'],
];

const LOOKED_FOR: [step: string, name: string, phone: string][] = [
  ['the same name and phone', '김민수', '+82 10 2345 7305'],
  ['the same name in another form', ' 김 민수', '010.2345.7305'],
  ['an accent less', 'jose garcia', '010 2345 7305'],
  ['the phone of others', '김민지', '01023457305'],
  ['only an ending', '김민수', '7305'],
  ['a phone of nobody', '김민수', '010-0000-0001'],
  ['no phone', '김민수', ''],
  ['no digits', '김민수', '없음'],
];

export const search: Chapter = {
  name: 'customers are found by name, initials, phone and card',
  play: async (desk) => {
    for (const text of TEXTS) await desk.ask(`search ${text}`, 'searchCustomers', { text, limit: 20 });
    for (const [step, name, phone] of LOOKED_FOR) await desk.ask(step, 'alikeCustomers', { name, phone });
    const except = desk.customer('김민수');
    await desk.ask('others than oneself', 'alikeCustomers', { name: '김민수', phone: '01023457305', except });
    let cursor: string | undefined;
    for (let page = 1; page <= 4; page += 1) {
      const found = await desk.ask(`page ${page}`, 'searchCustomers', { text: '', limit: 2, cursor });
      if (!found?.next) break;
      cursor = found.next;
    }
    await desk.ask('page of 0', 'searchCustomers', { text: '', limit: 0 });
    await desk.ask('no cursor of this list', 'searchCustomers', { text: '', limit: 2, cursor: 'entries.1' });
  },
};

export const people: Chapter = {
  name: 'customers are linked and erased',
  play: async (desk) => {
    const link = (step: string, customerId: string, otherId: string) =>
      desk.record(step, { type: 'linkCustomers', customerId, otherId });
    // None of these customers has a penalty: among linked ids with equal penalties, the program shows the lowest id's.
    const one = await register(desk, { name: '윤서아' });
    const other = await register(desk, { name: '임채원' });
    const third = await register(desk, { name: '장현우' });
    await link('linked with oneself', one, one);
    await link('nobody with nobody', NO_ONE, NO_ONE);
    await link('linked with nobody', one, NO_ONE);
    await link('two are one person', one, other);
    await link('they are linked again', other, one);
    await desk.ask('the other id', 'linkedCustomers', one);
    await desk.ask('of nobody', 'linkedCustomers', NO_ONE);
    await link('a third is the same person', third, other);
    const checkIn = { type: 'checkIn', areaId: ROOF } as const;
    const imposed = await desk.record('a penalty for one', {
      type: 'imposePenalty',
      customerId: one,
      points: 45,
    });
    await desk.record('the third id is prohibited too', { ...checkIn, customerId: third });
    await desk.record('a penalty for the third', { type: 'imposePenalty', customerId: third, points: 7 });
    await desk.record('the first is deducted from', {
      type: 'deductPenalty',
      penaltyId: imposed?.penaltyId ?? '',
      ground: 'service',
      points: 40,
    });
    await desk.record('the third id is let in', { ...checkIn, customerId: third });

    const namgung = desk.customer('남궁 민수');
    const visit = await desk.record('the one to be erased checks in', { ...checkIn, customerId: namgung });
    const impose = { type: 'imposePenalty', customerId: namgung } as const;
    const erase = { type: 'eraseCustomer', customerId: namgung } as const;
    await desk.record('nobody is erased', { type: 'eraseCustomer', customerId: NO_ONE });
    await desk.record('a customer is erased', erase);
    await desk.record('erased again', erase);
    await desk.record('the erased one checks in', { ...checkIn, customerId: namgung });
    await desk.record('the erased one pays', { type: 'pay', customerId: namgung, points: 1 });
    await desk.record('a penalty for the erased one', impose);
    await desk.record('the erased one is linked', {
      type: 'linkCustomers',
      customerId: namgung,
      otherId: desk.customer('오재현'),
    });
    const profile = { name: '남궁 민수' };
    await desk.record('the erased one is revised', {
      type: 'reviseCustomer',
      customerId: namgung,
      baseRevision: 2,
      profile,
    });
    await desk.record('the points of the erased one are corrected', {
      type: 'adjustPoints',
      customerId: namgung,
      points: 5,
      reason: 'correction',
      note: 'about nobody',
    });
    await desk.record('the erased one leaves', { type: 'checkOut', visitId: visit?.visitId ?? '' });
    await desk.ask('the erased one is not found', 'searchCustomers', { text: '남궁', limit: 5 });
    const phone = '010-7777-0001';
    const gone = await register(desk, { name: '서지우', phone });
    await desk.record('one with a phone is erased', { type: 'eraseCustomer', customerId: gone });
    await desk.ask('the erased one is not here already', 'alikeCustomers', { name: '서지우', phone });
  },
};
