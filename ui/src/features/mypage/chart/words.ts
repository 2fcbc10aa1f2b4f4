import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChartPoint } from '../../../backend';
import { formatNumber, formatSigned } from '../../../shared/format';
import { useLanguage } from '../../../shared/preferences';
import { englishMonth, formatMoment, formatShortDate } from '../../../shared/time';
import type { TimeTick } from './timeTicks';

/** The chart's texts in the user's language. */
export function useChartWords() {
  const { t } = useTranslation('mypage');
  const language = useLanguage();
  return useMemo(() => {
    const what = (point: ChartPoint) => {
      const changes: string[] = [t(`kind.${point.kind}`)];
      if (point.points !== 0) changes.push(`${formatSigned(point.points)}\u00a0P`);
      if (point.penaltyPoints !== 0) {
        changes.push(`${formatSigned(point.penaltyPoints)}${language === 'ko' ? '점' : ''}`);
      }
      return changes.join(' ');
    };
    const when = (point: ChartPoint) => formatMoment(point.at, language);
    const compact = new Intl.NumberFormat(language, { notation: 'compact', useGrouping: false });
    return {
      what,
      /** A number at the axis; a large one is short, as the axis has little room. */
      value: (number: number) =>
        Math.abs(number) < 100_000 ? formatNumber(number) : compact.format(number).replace('-', '−'),
      when,
      readout: (point: ChartPoint) =>
        t('chart.readout', {
          when: when(point),
          what: what(point),
          balance: formatNumber(point.balance),
          outstanding: formatNumber(point.outstanding),
        }),
      tick: (tick: TimeTick, first: boolean) => {
        const { year, month, day } = tick;
        const values = { year, month, day, monthName: englishMonth(month) };
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
