import { Checkbox, TextInput } from '@mantine/core';
import { createContext, useContext, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { RuleProblem } from '../../../backend';
import { formatNumber } from '../../../shared/format';
import classes from './rules.module.css';
import type { RulesDraft } from './useRulesDraft';

const DraftContext = createContext<RulesDraft | null>(null);
export const DraftProvider = DraftContext;

export function useDraft(): RulesDraft {
  const draft = useContext(DraftContext);
  if (!draft) throw new Error('useDraft outside of DraftProvider');
  return draft;
}

/** The text of a problem. */
export function useProblemText(): (problem: RuleProblem | undefined) => string | null {
  const { t } = useTranslation('rules');
  return (problem) => {
    if (!problem) return null;
    const bound = (value: number | null) => (value === null ? '' : formatNumber(value));
    return t(`problem.${problem.kind}`, { min: bound(problem.min), max: bound(problem.max) });
  };
}

type Unit = 'points' | 'penalty' | 'minutes' | 'hours' | 'days' | 'months';

interface NumberProps {
  /** The field's path in the form. */
  path: string;
  /** Its name in a stored set, if only a newer program may understand that. */
  stored?: string;
  label: string;
  unit: Unit;
  value: string;
  onChange: (text: string) => void;
}

/** A number with its unit, and its problem below. */
export function NumberField({ path, stored, label, unit, value, onChange }: NumberProps) {
  const { t } = useTranslation('rules');
  const { problemOf, isLocked } = useDraft();
  const problem = useProblemText()(problemOf(path));
  const locked = stored !== undefined && isLocked(stored);
  return (
    <TextInput
      className={classes.number ?? ''}
      label={label}
      description={locked ? t('needsUpdate') : undefined}
      disabled={locked}
      inputMode="numeric"
      autoComplete="off"
      rightSection={<span className={classes.unit}>{t(`unit.${unit}`)}</span>}
      rightSectionWidth={52}
      rightSectionPointerEvents="none"
      value={value}
      error={problem}
      data-testid={`rules-${path}`}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

interface OptionalProps extends Omit<NumberProps, 'value' | 'onChange'> {
  value: string | null;
  /** The number that is proposed when it is switched on. */
  proposed: string;
  /** The words for what holds when it is off. */
  offLabel?: string;
  onChange: (text: string | null) => void;
}

/** A number that can be switched off. */
export function OptionalField({ value, proposed, offLabel, onChange, ...field }: OptionalProps) {
  const { t } = useTranslation('rules');
  const { isLocked } = useDraft();
  const id = useId();
  const locked = field.stored !== undefined && isLocked(field.stored);
  return (
    <div className={classes.optional}>
      {value === null ? (
        <div className={classes.offField}>
          <label htmlFor={id}>{field.label}</label>
          <span>{offLabel ?? t('off')}</span>
        </div>
      ) : (
        <NumberField {...field} value={value} onChange={onChange} />
      )}
      <Checkbox
        id={id}
        label={t('on')}
        aria-label={`${field.label} · ${t('on')}`}
        checked={value !== null}
        disabled={locked}
        data-testid={`rules-${field.path}-on`}
        onChange={(event) => onChange(event.currentTarget.checked ? proposed : null)}
      />
    </div>
  );
}
