import { UnstyledButton } from '@mantine/core';
import { CircleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { TraceRow } from '../../backend';
import { formatNumber } from '../../shared/format';
import classes from './Traces.module.css';
import { iconOf, kindOf, useTraceWords } from './words';

interface Props {
  row: TraceRow;
  /** True if the arrow keys have moved to this row. */
  isAt: boolean;
  isOpened: boolean;
  onOpen: () => void;
}

/** One trace: its first step, its start and duration, and whether it has a failed span. */
export function TraceRowView({ row, isAt, isOpened, onOpen }: Props) {
  const { t } = useTranslation('traces');
  const words = useTraceWords();
  const { step, subject, beganAt, tookMs, spans, failed } = row;
  const Icon = iconOf(step);
  const name = words.subjectOf(subject);
  return (
    <UnstyledButton
      className={classes.row}
      tabIndex={-1}
      data-testid="trace-row"
      data-id={row.traceId}
      data-at={isAt || undefined}
      data-opened={isOpened || undefined}
      data-failed={failed || undefined}
      aria-current={isOpened || undefined}
      // Leave the focus in the search field, which handles the arrow keys that move through the rows.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onOpen}
    >
      <span className={classes.icon} data-kind={kindOf(step)} title={words.stepOf(step)}>
        <Icon size={16} strokeWidth={1.75} aria-hidden />
      </span>
      <span className={classes.what}>
        <b className="one-line" title={name}>
          {name}
        </b>
        <span className={classes.step}>{words.stepOf(step)}</span>
      </span>
      <span className={classes.took}>{words.ms(tookMs)}</span>
      <span className={classes.detail}>
        <time>{words.began(beganAt)}</time>
        {' · '}
        {t('list.spans', { count: spans, value: formatNumber(spans) })}
      </span>
      {failed && (
        <span className={classes.failed}>
          <CircleAlert size={14} strokeWidth={1.75} aria-hidden />
          {t('list.failed')}
        </span>
      )}
    </UnstyledButton>
  );
}
