import { CloseButton, UnstyledButton } from '@mantine/core';
import { Link2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Timeline.module.css';
import type { Line } from './tree';
import { useTraceWords } from './words';

interface Props {
  line: Line;
  onFollow: (traceId: string) => void;
  onClose: () => void;
}

/** Everything that is known of a span. */
export function SpanDetail({ line: { span, isCutOff }, onFollow, onClose }: Props) {
  const { t } = useTranslation('traces');
  const words = useTraceWords();
  const { step, subject, offsetMs, tookMs, problem, attributes, links, spanId, parentId } = span;
  const named = Object.entries(attributes);
  return (
    <aside className={classes.detail} aria-label={t('span.label')} data-testid="span-detail" data-of={spanId}>
      <div className={classes.detailHead}>
        <h3 className="one-line">
          {words.subjectOf(subject)} <span className={classes.step}>{words.stepOf(step)}</span>
        </h3>
        <CloseButton size="sm" aria-label={t('span.close')} data-testid="span-close" onClick={onClose} />
      </div>
      <dl className={classes.known}>
        {problem !== null && (
          <Known name={t('span.problem')} isWide isBad>
            {words.problemOf(problem)}
            {words.problemOf(problem) !== problem && <code>{problem}</code>}
          </Known>
        )}
        <Known name={t('span.offset')}>{words.ms(offsetMs)}</Known>
        <Known name={t('timeline.took')}>{words.ms(tookMs)}</Known>
        {named.map(([name, value]) => (
          <Known key={name} name={words.attributeOf(name)}>
            {value}
          </Known>
        ))}
        <Known name={t('span.id')}>{spanId}</Known>
        {parentId !== null && (
          <Known name={t('span.parent')}>
            {parentId}
            {isCutOff && <small>{words.cutOff(span)}</small>}
          </Known>
        )}
        {links.length > 0 && (
          <Known name={t('span.links')} isWide>
            <span className={classes.links}>
              {links.map((link) => (
                <UnstyledButton
                  key={link}
                  className={classes.link}
                  data-testid="span-link"
                  onClick={() => onFollow(link)}
                >
                  <Link2 size={14} strokeWidth={1.75} aria-hidden />
                  {link}
                </UnstyledButton>
              ))}
            </span>
          </Known>
        )}
      </dl>
    </aside>
  );
}

interface KnownProps {
  name: string;
  isWide?: boolean;
  isBad?: boolean;
  children: ReactNode;
}

function Known({ name, isWide = false, isBad = false, children }: KnownProps) {
  return (
    <div className={isWide ? classes.wide : ''}>
      <dt>{name}</dt>
      <dd data-selectable data-bad={isBad || undefined}>
        {children}
      </dd>
    </div>
  );
}
