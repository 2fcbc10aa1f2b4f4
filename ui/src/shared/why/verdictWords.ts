import type { TFunction } from 'i18next';
import type { BanLevel, Verdict } from '../../backend';
import { formatNumber } from '../format';
import { dottedDate } from '../time';

/** The level whose ban is over although its points are reached: the next penalty begins it again. */
export const endedBan = ({ standing, levels }: Verdict): BanLevel | undefined =>
  standing === 'WARNED' ? levels.findLast(({ reached, over }) => reached && over) : undefined;

/** The points that are missing until a ban, which a customer with an ended ban needn't collect. */
export const pointsToBan = ({ outstanding, prohibitAt }: Verdict): number =>
  Math.max(1, prohibitAt - outstanding);

/** `40점부터 7일 · 2026.12.02까지`: a level, its days and until when they last. */
export function levelWords(t: TFunction<'common'>, { at, days, lastDay, over }: BanLevel): string {
  const begins = days === null ? t('why.levelForEver', { at }) : t('why.level', { at, days });
  if (lastDay === null) return begins;
  return `${begins} · ${t(over ? 'why.levelOver' : 'why.levelLasts', { day: dottedDate(lastDay) })}`;
}

/** What would lift a ban: a number of points to deduct, or the day on which it ends. */
export function liftWords(t: TFunction<'common'>, { toLift, liftedOn }: Verdict): string {
  const points = t('why.lift', { points: formatNumber(toLift ?? 0) });
  return liftedOn === null ? points : `${points} ${t('why.liftedOn', { day: dottedDate(liftedOn) })}`;
}
