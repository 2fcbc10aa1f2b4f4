import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AppError, MypageCounts, MypageFilter } from '../../backend';
import { formatNumber } from '../../shared/format';
import { useNow } from '../../shared/time';
import { DateRangeFields } from './DateRangeFields';
import { ExportMenu } from './ExportMenu';
import { type DateRange, PRESETS, type Preset, presetOf, presetRange } from './range';
import classes from './Toolbar.module.css';

const FILTERS: readonly MypageFilter[] = ['all', 'visits', 'payments', 'penalties'];

interface ToolbarProps {
  filter: MypageFilter;
  onFilter: (filter: MypageFilter) => void;
  counts: MypageCounts | undefined;
  range: DateRange;
  onRange: (range: DateRange) => void;
  customer: { customerId: string; name: string };
  onExportError: (error: AppError | null) => void;
}

/** Filter, date range and export of the history. */
export function Toolbar(props: ToolbarProps) {
  const { filter, onFilter, counts, range, onRange, customer, onExportError } = props;
  const { t } = useTranslation('mypage');
  return (
    <div className={classes.toolbar}>
      <SegmentedControl
        aria-label={t('filter.label')}
        value={filter}
        onChange={(value) => onFilter(value as MypageFilter)}
        data={FILTERS.map((value) => ({
          value,
          label: (
            <span data-testid={`mypage-filter-${value}`} data-count={counts?.[value]}>
              {t(`filter.${value}`)}{' '}
              <span className={classes.count}>{counts ? formatNumber(counts[value]) : ''}</span>
            </span>
          ),
        }))}
      />
      <div className={classes.right}>
        <RangeFields range={range} onRange={onRange} />
        <ExportMenu range={range} customer={customer} onError={onExportError} />
      </div>
    </div>
  );
}

/** Preset periods and two date inputs. */
export function RangeFields({ range, onRange }: { range: DateRange; onRange: (range: DateRange) => void }) {
  const { t } = useTranslation('mypage');
  const now = useNow();
  return (
    <>
      <SegmentedControl
        aria-label={t('range.label')}
        value={presetOf(range, now) ?? ''}
        onChange={(value) => onRange(presetRange(value as Preset, now))}
        data={PRESETS.map((value) => ({
          value,
          label: <span data-testid={`mypage-range-${value}`}>{t(`range.${value}`)}</span>,
        }))}
      />
      <DateRangeFields range={range} onChange={onRange} />
    </>
  );
}
