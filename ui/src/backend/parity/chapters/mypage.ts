import type { MypageFilter } from '../../types';
import type { Chapter } from '../chapter';

const FILTERS: MypageFilter[] = ['all', 'visits', 'payments', 'penalties'];
const RANGES: [from: string | undefined, to: string | undefined][] = [
  [undefined, undefined],
  ['2026-03-11', '2026-03-11'],
  ['2026-03-12', undefined],
  [undefined, '2026-03-11'],
  ['2026-03-12', '2026-03-12'],
  ['2026-03-13', '2026-03-31'],
  ['2026-02-01', '2026-03-01'],
  ['2026-03-12', '2026-03-11'],
];

export const mypage: Chapter = {
  name: 'Mypage is filtered, cut by dates and read page by page',
  play: async (desk) => {
    for (const name of ['김민수', '오재현', '남궁 민수', '장현우']) {
      const customerId = desk.customer(name);
      for (const filter of FILTERS) {
        for (const [from, to] of RANGES) {
          const input = { customerId, filter, from, to, limit: 50 };
          await desk.ask(`${name} ${filter} ${from} to ${to}`, 'mypage', input);
          if (filter === 'all') await desk.ask(`${name} ${from} to ${to}`, 'chart', input);
        }
        let cursor: string | undefined;
        for (let page = 1; page <= 20; page += 1) {
          const input = { customerId, filter, limit: 2, cursor };
          const found = await desk.ask(`${name} ${filter}, page ${page}`, 'mypage', input);
          if (!found?.next) break;
          cursor = found.next;
        }
      }
    }
    // Only of customers without check-outs that were taken back, or that waited for their points: of the former the mock
    // keeps only what is left, of the latter not when they came.
    for (const name of ['오재현', '장현우']) {
      const customerId = desk.customer(name);
      await desk.ask(`why ${name} has this balance and standing`, 'why', { customerId });
      // Before the day, in the middle of it, and now.
      for (const minutes of [2_000, 600, 60, 0]) {
        const at = desk.now - minutes * 60_000;
        for (const view of ['asItWas', 'asKnownHere'] as const) {
          const step = `${name}, ${view} ${minutes} minutes ago`;
          const moment = { at, view };
          await desk.ask(step, 'why', { customerId, moment });
          await desk.ask(step, 'mypage', { customerId, filter: 'all', limit: 50, moment });
          await desk.ask(step, 'chart', { customerId, filter: 'all', limit: 50, moment });
        }
      }
    }
    const input = { customerId: desk.customer('김민수'), filter: 'all', limit: 5 } as const;
    await desk.ask('no date', 'mypage', { ...input, from: '2026-02-30' });
    await desk.ask('a date of words', 'chart', { ...input, to: 'today' });
    await desk.ask('no cursor of this list', 'mypage', { ...input, cursor: 'customers.1' });
    await desk.ask('a page of 0', 'mypage', { ...input, limit: 0 });
  },
};

export const days: Chapter = {
  name: 'the figures of a day are the sums of its lines, and are kept by a close',
  play: async (desk) => {
    for (const day of ['2026-03-10', '2026-03-11', '2026-03-12', '2026-03-13', '2026-02-30', '', 'today'])
      await desk.ask(`the day ${day}`, 'day', day);
    const week = { from: '2026-03-08', to: '2026-03-12' } as const;
    for (const unit of ['day', 'week', 'month'] as const)
      await desk.ask(`the period by ${unit}`, 'period', { ...week, unit, topBy: 'earned' });
    for (const [from, to] of [
      ['2026-03-12', '2026-03-11'],
      ['2020-01-01', '2026-03-11'],
      ['2026-02-30', '2026-03-11'],
      ['2026-03-11', '2026-03-13'],
    ] as const)
      await desk.ask(`no period ${from} ${to}`, 'period', { from, to, unit: 'day', topBy: 'visits' });
    await desk.ask('a close', 'closeDay', '2026-03-11');
    await desk.ask('the close again', 'closeDay', '2026-03-11');
    await desk.ask('no such day', 'closeDay', '2026-13-01');
  },
};
