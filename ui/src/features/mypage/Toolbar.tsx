import { Button, SegmentedControl } from '@mantine/core';
import { History } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { AppError, MypageCounts, MypageFilter } from '../../backend';
import { type DateRange, DateRangeFields } from '../../shared/dates';
import { formatNumber } from '../../shared/format';
import { Kbd } from '../../shared/parts';
import { useNow } from '../../shared/time';
import { ExportMenu } from './ExportMenu';
import { type ChosenRange, PRESETS, type Preset, presetOf, rangeOf } from './range';
import classes from './Toolbar.module.css';

const FILTERS: readonly MypageFilter[] = ['all', 'visits', 'payments', 'penalties'];

interface ToolbarProps {
  filter: MypageFilter;
  onFilter: (filter: MypageFilter) => void;
  counts: MypageCounts | undefined;
  range: DateRange;
  chosen: ChosenRange;
  onRange: (chosen: ChosenRange) => void;
  customer: { customerId: string; name: string };
  onExportError: (error: AppError | null) => void;
  /** Whether another moment is chosen or shown: then nothing is exported. */
  isTravelling: boolean;
  onTravel: () => void;
}

/** Filter, date range and export of the history. */
export function Toolbar(props: ToolbarProps) {
  const {
    filter,
    onFilter,
    counts,
    range,
    chosen,
    onRange,
    customer,
    onExportError,
    isTravelling,
    onTravel,
  } = props;
  const { t } = useTranslation('mypage');
  return (
    <div className={classes.toolbar} data-search>
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
        <RangeFields chosen={chosen} onRange={onRange} />
        {!isTravelling && (
          <>
            <Button
              size="sm"
              variant="default"
              className={classes.export}
              leftSection={<History size={16} strokeWidth={1.75} />}
              rightSection={<Kbd>Ctrl T</Kbd>}
              title={t('travel.title')}
              data-testid="mypage-travel"
              onClick={onTravel}
            >
              {t('travel.open')}
            </Button>
            <ExportMenu range={range} customer={customer} onError={onExportError} />
          </>
        )}
      </div>
    </div>
  );
}

/** Preset periods and two date inputs. */
export function RangeFields({
  chosen,
  onRange,
}: {
  chosen: ChosenRange;
  onRange: (chosen: ChosenRange) => void;
}) {
  const { t } = useTranslation('mypage');
  const now = useNow();
  const range = rangeOf(chosen, now);
  return (
    <>
      <SegmentedControl
        aria-label={t('range.label')}
        value={(typeof chosen === 'string' ? chosen : presetOf(range, now)) ?? ''}
        onChange={(value) => onRange(value as Preset)}
        data={PRESETS.map((value) => ({
          value,
          label: <span data-testid={`mypage-range-${value}`}>{t(`range.${value}`)}</span>,
        }))}
      />
      <DateRangeFields range={range} onChange={onRange} testId="mypage" />
    </>
  );
}
