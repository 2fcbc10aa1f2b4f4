import { UnstyledButton } from '@mantine/core';
import { CircleAlert, CornerDownRight, Link2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { formatNumber, percentOf } from '../../shared/format';
import type { Tick } from './spanDuration';
import classes from './Timeline.module.css';
import type { SpanLine } from './tree';
import { iconOf, kindOf, useTraceWords } from './words';

const INDENT = 16;
/** Spans deeper in the tree than this aren't indented further. */
const DEPTH_MAX = 7;

interface Props {
  line: SpanLine;
  index: number;
  totalMs: number;
  ticks: Tick[];
  isAt: boolean;
  isChosen: boolean;
  onChoose: () => void;
}

/** One span: its step, its subject, its duration, and a bar for its time within the trace. */
export function SpanRow({ line, index, totalMs, ticks, isAt, isChosen, onChoose }: Props) {
  const { t } = useTranslation('traces');
  const words = useTraceWords();
  const { span, depth, isCutOff } = line;
  const { step, subject, offsetMs, tookMs, problem, links } = span;
  const Icon = iconOf(step);
  const part = (ms: number) => `${percentOf(ms, totalMs)}%`;
  const name = words.subjectOf(subject);
  const problemText = problem === null ? null : words.problemOf(problem);
  return (
    <UnstyledButton
      className={classes.row}
      tabIndex={isAt ? 0 : -1}
      data-index={index}
      data-testid="span"
      data-step={step}
      data-depth={depth}
      data-chosen={isChosen || undefined}
      aria-expanded={isChosen}
      onClick={onChoose}
    >
      <span className={classes.label} style={{ paddingLeft: Math.min(depth, DEPTH_MAX) * INDENT }}>
        <span className={classes.icon} data-kind={kindOf(step)}>
          <Icon size={16} strokeWidth={1.75} aria-hidden />
        </span>
        <span className={classes.words}>
          <span className={classes.nameLine}>
            <b>{words.stepOf(step)}</b>
            <span className={`one-line ${classes.subject}`} title={name}>
              {name}
            </span>
            {links.length > 0 && (
              <span
                className={classes.linked}
                title={t('span.linked', { value: formatNumber(links.length) })}
              >
                <Link2 size={14} strokeWidth={1.75} aria-hidden />
                {formatNumber(links.length)}
              </span>
            )}
          </span>
          {problemText !== null && (
            <span className={classes.problem} title={problemText}>
              <CircleAlert size={12} strokeWidth={2} aria-hidden />
              <span className="one-line">{problemText}</span>
            </span>
          )}
          {problemText === null && isCutOff && (
            <span className={classes.cutOff}>
              <CornerDownRight size={12} strokeWidth={2} aria-hidden />
              <span className="one-line">{words.cutOff(span)}</span>
            </span>
          )}
        </span>
      </span>
      <span className={classes.took}>{words.ms(tookMs)}</span>
      <span className={classes.track} aria-hidden>
        {ticks.map(({ at }) => (
          <i key={at} style={{ left: `${at * 100}%` }} />
        ))}
        <span
          className={classes.bar}
          data-kind={kindOf(step)}
          data-problem={problem !== null || undefined}
          style={{ left: part(offsetMs), width: part(tookMs) }}
        />
      </span>
    </UnstyledButton>
  );
}
