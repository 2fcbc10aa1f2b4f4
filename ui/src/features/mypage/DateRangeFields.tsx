import { TextInput } from '@mantine/core';
import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isComposing } from '../../shared/composition';
import { addDays, type DateRange, monthsBefore, readDate, shownDate } from './range';
import classes from './Toolbar.module.css';

interface DateRangeFieldsProps {
  range: DateRange;
  onChange: (range: DateRange) => void;
}

type End = 'from' | 'to';
type Problem = 'format' | 'missing' | 'order';

/** Two typed dates: taken over when whole, by Enter or on leaving; ↑↓ a day, Page keys a month. */
export function DateRangeFields({ range, onChange }: DateRangeFieldsProps) {
  const { t } = useTranslation('mypage');
  const [texts, setTexts] = useState({ from: '', to: '' });
  const [problem, setProblem] = useState<{ end: End; kind: Problem } | null>(null);
  const message = useId();
  useEffect(() => {
    setTexts({ from: range.from ? shownDate(range.from) : '', to: range.to ? shownDate(range.to) : '' });
    setProblem(null);
  }, [range.from, range.to]);

  const take = (end: End, text: string) => {
    const reading = readDate(text);
    if ('problem' in reading) return setProblem({ end, kind: reading.problem });
    const { date } = reading;
    const other = end === 'from' ? range.to : range.from;
    const reversed = date && other && (end === 'from' ? date > other : date < other);
    if (reversed) return setProblem({ end, kind: 'order' });
    setProblem(null);
    setTexts((now) => ({ ...now, [end]: date ? shownDate(date) : '' }));
    if (date === range[end]) return;
    const rest = other ? { [end === 'from' ? 'to' : 'from']: other } : {};
    onChange({ ...rest, ...(date ? { [end]: date } : {}) });
  };
  const type = (end: End, text: string) => {
    setTexts((now) => ({ ...now, [end]: text }));
    setProblem(null);
    // A whole date is taken at once; anything shorter may still be on its way.
    if (/^\d{4}[-.]\d{2}[-.]\d{2}$/.test(text)) take(end, text);
  };
  const step = (end: End, event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === 'Enter') return take(end, texts[end]);
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
    take(end, stepped);
  };
  const field = (end: End) => (
    <TextInput
      size="sm"
      className={classes.date}
      aria-label={t(`range.${end}`)}
      title={t('range.hint')}
      placeholder={t(`range.${end}Open`)}
      inputMode="numeric"
      autoComplete="off"
      spellCheck={false}
      value={texts[end]}
      error={problem?.end === end}
      aria-describedby={problem?.end === end ? message : undefined}
      data-testid={`mypage-${end}`}
      onChange={(event) => type(end, event.currentTarget.value)}
      onBlur={() => take(end, texts[end])}
      onKeyDown={(event) => step(end, event)}
    />
  );
  return (
    <div className={classes.dates} role="group" aria-label={t('range.label')}>
      {field('from')}
      <span aria-hidden="true">–</span>
      {field('to')}
      {problem && (
        <p id={message} className={classes.problem} role="alert">
          {t(`range.${problem.kind}`)}
        </p>
      )}
    </div>
  );
}
