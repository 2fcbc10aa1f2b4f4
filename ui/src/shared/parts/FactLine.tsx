import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseFact } from '../../backend';
import { formatSigned } from '../format';
import { useAreaName } from '../session';
import { useNow } from '../time';
import { useWords } from '../words';
import { CustomerNameText } from './CustomerNameText';
import { FactKindIcon } from './FactKindIcon';
import classes from './parts.module.css';
import { Tag } from './Tag';

interface Props {
  fact: CaseFact;
  /** Whether the customer's name is shown. */
  named?: boolean;
  /** What can be done about it. */
  children?: ReactNode;
}

/** A fact in a list: what, where, by whom, when it happened and when it was entered. */
export function FactLine({ fact, named = false, children }: Props) {
  const { t } = useTranslation('common');
  const { secondsOrDay } = useWords();
  const areaName = useAreaName();
  const now = useNow();
  const { entry, recordedAt, terminal, voided } = fact;
  const { kind, at, areaId, points, penaltyPoints, by, customer } = entry;
  const details = [
    areaName(areaId),
    points !== null && points !== 0 && t('points', { value: formatSigned(points) }),
    penaltyPoints !== null &&
      penaltyPoints !== 0 &&
      t('penaltyPoints', { value: formatSigned(penaltyPoints) }),
    terminal ?? t('otherTerminal'),
    by,
    at < recordedAt && t('enteredAt', { time: secondsOrDay(recordedAt, now) }),
  ].filter(Boolean);
  return (
    <li className={classes.fact} data-testid="case-fact" data-kind={kind}>
      <FactKindIcon kind={kind} />
      <span className={classes.factText}>
        <b>
          {t(`factKind.${kind}`)} {secondsOrDay(at, now)} {voided && <Tag>{t('voided')}</Tag>}
        </b>
        <small>
          {named && (
            <>
              <CustomerNameText customer={customer} /> ·{' '}
            </>
          )}
          {details.join(' · ')}
        </small>
      </span>
      {children}
    </li>
  );
}
