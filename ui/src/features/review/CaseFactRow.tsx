import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CaseFact, Command } from '../../backend';
import { formatNumber } from '../../shared/format';
import { FactKindIcon, Tag } from '../../shared/parts';
import { useAreaName } from '../../shared/session';
import { useNow } from '../../shared/time';
import { useWords } from '../../shared/words';
import classes from './Review.module.css';

/** The command that voids what a fact recorded, if anything does. */
function voidOf({ entry }: CaseFact): Command | null {
  const { kind, subjectId, deductionId } = entry;
  if (subjectId === null) return null;
  const reason = 'mistaken';
  switch (kind) {
    case 'checkedIn':
      return { type: 'voidVisit', visitId: subjectId, reason };
    case 'paid':
      return { type: 'voidPayment', paymentId: subjectId, reason };
    case 'penaltyImposed':
      return { type: 'voidPenalty', penaltyId: subjectId, reason };
    case 'penaltyDeducted':
      return deductionId === null
        ? null
        : { type: 'voidPenaltyDeduction', penaltyId: subjectId, deductionId, reason };
    default:
      return null;
  }
}

interface Props {
  fact: CaseFact;
  onVoid: (command: Command, title: string) => void;
}

/** A fact of a case: what, where, by whom, when it happened and when it was entered. */
export function CaseFactRow({ fact, onVoid }: Props) {
  const { t } = useTranslation('review');
  const { t: common } = useTranslation('common');
  const { secondsOrDay } = useWords();
  const areaName = useAreaName();
  const now = useNow();
  const { entry, recordedAt, terminal, voided } = fact;
  const { kind, at, areaId, points, penaltyPoints, by } = entry;
  const signed = (value: number) => `${value > 0 ? '+' : ''}${formatNumber(value)}`;
  const details = [
    areaName(areaId),
    points !== null && points !== 0 && common('points', { value: signed(points) }),
    penaltyPoints !== null &&
      penaltyPoints !== 0 &&
      common('penaltyPoints', { value: signed(penaltyPoints) }),
    terminal ?? common('otherTerminal'),
    by,
    at < recordedAt && t('enteredAt', { time: secondsOrDay(recordedAt, now) }),
  ].filter(Boolean);
  const command = voided ? null : voidOf(fact);
  const title = command && t(`void.${command.type as 'voidVisit'}`);
  return (
    <li data-testid="case-fact" data-kind={kind}>
      <FactKindIcon kind={kind} />
      <span className={classes.factText}>
        <b>
          {common(`factKind.${kind}`)} {secondsOrDay(at, now)} {voided && <Tag>{t('voided')}</Tag>}
        </b>
        <small>{details.join(' · ')}</small>
      </span>
      {command && title && (
        <Button variant="default" size="xs" data-testid="case-void" onClick={() => onVoid(command, title)}>
          {title}
        </Button>
      )}
    </li>
  );
}
