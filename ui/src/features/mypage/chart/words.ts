import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChartPoint, Language } from '../../../backend';
import { formatMoment, formatNumber, formatShortDate, formatSigned } from '../../../shared/format';
import type { TimeTick } from './timeTicks';

const monthNames = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', month: 'short' });

/** The chart's words in the user's language. */
export function useChartWords() {
  const { t, i18n } = useTranslation('mypage');
  const language = i18n.language as Language;
  return useMemo(() => {
    const what = (point: ChartPoint) => {
      const changes: string[] = [t(`kind.${point.kind}`)];
      if (point.points !== 0) changes.push(`${formatSigned(point.points)} P`);
      if (point.penaltyPoints !== 0) {
        changes.push(`${formatSigned(point.penaltyPoints)}${language === 'ko' ? '점' : ''}`);
      }
      return changes.join(' ');
    };
    const when = (point: ChartPoint) => formatMoment(point.at, language);
    return {
      what,
      when,
      readout: (point: ChartPoint) =>
        t('chart.readout', {
          when: when(point),
          what: what(point),
          balance: formatNumber(point.balance),
          outstanding: formatNumber(point.outstanding),
        }),
      tick: (tick: TimeTick, first: boolean) => {
        const monthName = monthNames.format(Date.UTC(tick.year, tick.month - 1, 1));
        const values = { year: tick.year, month: tick.month, day: tick.day, monthName };
        if (tick.unit === 'month' && (first || tick.month === 1)) return t('chart.tick.monthYear', values);
        return t(`chart.tick.${tick.unit}`, values);
      },
      span: (from: number, to: number | null, now: number) =>
        to === null
          ? t('chart.prohibitedSince', { from: formatShortDate(from, now) })
          : t('chart.prohibitedSpan', {
              span: `${formatShortDate(from, now)}–${formatShortDate(to, now)}`,
            }),
    };
  }, [t, language]);
}
