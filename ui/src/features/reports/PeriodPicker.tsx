import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PeriodUnit } from '../../backend';
import { DateRangeFields } from '../../shared/dates';
import { type ChosenPeriod, type Period, PRESETS, type Preset } from './period';
import classes from './Reports.module.css';

interface PeriodPickerProps {
  chosen: ChosenPeriod;
  period: Period;
  unit: PeriodUnit;
  onPeriod: (chosen: ChosenPeriod) => void;
  onUnit: (unit: PeriodUnit) => void;
}

const UNITS: readonly PeriodUnit[] = ['day', 'week', 'month'];

/** Preset periods, two dates, and the unit into which the period is divided. */
export function PeriodPicker({ chosen, period, unit, onPeriod, onUnit }: PeriodPickerProps) {
  const { t } = useTranslation('reports');
  return (
    <div className={classes.picker}>
      <SegmentedControl
        aria-label={t('period')}
        value={typeof chosen === 'string' ? chosen : ''}
        onChange={(value) => onPeriod(value as Preset)}
        data={PRESETS.map((value) => ({
          value,
          label: <span data-testid={`period-${value}`}>{t(`preset.${value}`)}</span>,
        }))}
      />
      <DateRangeFields
        range={period}
        testId="period"
        // Neither end of a report is open: a date that is emptied stays as it was.
        onChange={(range) => onPeriod({ ...period, ...range })}
      />
      <SegmentedControl
        aria-label={t('unit.label')}
        value={unit}
        onChange={(value) => onUnit(value as PeriodUnit)}
        data={UNITS.map((value) => ({
          value,
          label: <span data-testid={`period-unit-${value}`}>{t(`unit.${value}`)}</span>,
        }))}
      />
    </div>
  );
}
