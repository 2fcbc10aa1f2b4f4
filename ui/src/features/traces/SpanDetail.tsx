import { CloseButton, UnstyledButton } from '@mantine/core';
import { Link2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Timeline.module.css';
import type { SpanLine } from './tree';
import { useTraceWords } from './words';

interface Props {
  line: SpanLine;
  onFollow: (traceId: string) => void;
  onClose: () => void;
}

/** Shows all data of a span. */
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
          <Attribute name={t('span.problem')} isWide isBad>
            {words.problemOf(problem)}
            {words.problemOf(problem) !== problem && <code>{problem}</code>}
          </Attribute>
        )}
        <Attribute name={t('span.offset')}>{words.ms(offsetMs)}</Attribute>
        <Attribute name={t('timeline.took')}>{words.ms(tookMs)}</Attribute>
        {named.map(([name, value]) => (
          <Attribute key={name} name={words.attributeOf(name)}>
            {value}
          </Attribute>
        ))}
        <Attribute name={t('span.id')}>{spanId}</Attribute>
        {parentId !== null && (
          <Attribute name={t('span.parent')}>
            {parentId}
            {isCutOff && <small>{words.cutOff(span)}</small>}
          </Attribute>
        )}
        {links.length > 0 && (
          <Attribute name={t('span.links')} isWide>
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
          </Attribute>
        )}
      </dl>
    </aside>
  );
}

interface AttributeProps {
  name: string;
  isWide?: boolean;
  isBad?: boolean;
  children: ReactNode;
}

function Attribute({ name, isWide = false, isBad = false, children }: AttributeProps) {
  return (
    <div className={isWide ? classes.wide : ''}>
      <dt>{name}</dt>
      <dd data-selectable data-bad={isBad || undefined}>
        {children}
      </dd>
    </div>
  );
}
