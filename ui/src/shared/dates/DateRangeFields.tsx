import { TextInput } from '@mantine/core';
import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isComposing } from '../inputMethod';
import { addDays, dottedDate } from '../time';
import classes from './DateRangeFields.module.css';
import { type DateRange, monthsBefore, parseDate } from './range';

interface DateRangeFieldsProps {
  range: DateRange;
  onChange: (range: DateRange) => void;
  /** The beginning of the fields' test ids. */
  testId: string;
}

type End = 'from' | 'to';
type Problem = 'format' | 'missing' | 'order';

/**
 * Two date inputs. A typed date is applied once it is complete, on Enter, or on blur. The arrow keys change a date by a
 * day, Page Up and Page Down by a month.
 */
export function DateRangeFields({ range, onChange, testId }: DateRangeFieldsProps) {
  const { t } = useTranslation('common');
  const [texts, setTexts] = useState({ from: '', to: '' });
  const [problem, setProblem] = useState<{ end: End; kind: Problem } | null>(null);
  const message = useId();
  useEffect(() => {
    setTexts({ from: range.from ? dottedDate(range.from) : '', to: range.to ? dottedDate(range.to) : '' });
    setProblem(null);
  }, [range.from, range.to]);

  const apply = (end: End, text: string) => {
    const parsed = parseDate(text);
    if ('problem' in parsed) return setProblem({ end, kind: parsed.problem });
    const { date } = parsed;
    const other = end === 'from' ? range.to : range.from;
    const reversed = date && other && (end === 'from' ? date > other : date < other);
    if (reversed) return setProblem({ end, kind: 'order' });
    setProblem(null);
    setTexts((now) => ({ ...now, [end]: date ? dottedDate(date) : '' }));
    if (date === range[end]) return;
    const rest = other ? { [end === 'from' ? 'to' : 'from']: other } : {};
    onChange({ ...rest, ...(date ? { [end]: date } : {}) });
  };
  const type = (end: End, text: string) => {
    setTexts((now) => ({ ...now, [end]: text }));
    setProblem(null);
    // Only a complete date is applied while typing.
    if (/^\d{4}[-.]\d{2}[-.]\d{2}$/.test(text)) apply(end, text);
  };
  const step = (end: End, event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === 'Enter') return apply(end, texts[end]);
    const date = range[end];
    if (!date) return;
    const next: Record<string, string> = {
      ArrowUp: addDays(date, 1),
      ArrowDown: addDays(date, -1),
      PageUp: monthsBefore(date, -1),
      PageDown: monthsBefore(date, 1),
    };
    const stepped = next[event.key];
    if (!stepped) return;
    event.preventDefault();
    apply(end, stepped);
  };
  const field = (end: End) => (
    <TextInput
      size="sm"
      className={classes.date}
      aria-label={t(`dates.${end}`)}
      title={t('dates.hint')}
      placeholder={t(`dates.${end}Open`)}
      inputMode="numeric"
      autoComplete="off"
      spellCheck={false}
      value={texts[end]}
      error={problem?.end === end}
      aria-describedby={problem?.end === end ? message : undefined}
      data-testid={`${testId}-${end}`}
      onChange={(event) => type(end, event.currentTarget.value)}
      onBlur={() => apply(end, texts[end])}
      onKeyDown={(event) => step(end, event)}
    />
  );
  return (
    <div className={classes.dates} role="group" aria-label={t('dates.label')}>
      {field('from')}
      <span aria-hidden="true">–</span>
      {field('to')}
      {problem && (
        <p id={message} className={classes.problem} role="alert">
          {t(`dates.${problem.kind}`)}
        </p>
      )}
    </div>
  );
}
