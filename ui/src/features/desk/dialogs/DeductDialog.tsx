import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerCard, Ground, OpenPenalty, Outcome } from '../../../backend';
import { useNow } from '../../../shared/clock';
import { useAction } from '../../../shared/data/useAction';
import { formatNumber, formatShortDate, parseWhole } from '../../../shared/format';
import { useAreaName, useSession } from '../../../shared/session';
import { Choices } from './Choices';
import classes from './dialogs.module.css';
import { Outlook } from './Outlook';
import { NoteField, RecordDialog } from './RecordDialog';

interface Props {
  card: CustomerCard;
  onClose: () => void;
  onDone: (outcome: Outcome) => void;
}

const grounds: Ground[] = ['education', 'service', 'appeal', 'waiver'];

const suggested = (penalty: OpenPenalty, ground: Ground, toLift: number | null): number => {
  if (ground === 'education') return penalty.educationPoints ?? 0;
  if (ground === 'service') return Math.min(penalty.outstanding, toLift ?? penalty.outstanding);
  return penalty.outstanding;
};

/** From which penalty, on what ground, how much; and what it changes. */
export function DeductDialog({ card, onClose, onDone }: Props) {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation('common');
  const { staff } = useSession();
  const areaName = useAreaName();
  const now = useNow();
  const { run, isPending, error } = useAction();
  const [penaltyId, setPenaltyId] = useState(card.penalties[0]?.penaltyId ?? '');
  const [wanted, setGround] = useState<Ground>('education');
  const [note, setNote] = useState('');
  const [typed, setTyped] = useState<string | null>(null);

  const penalty = card.penalties.find((one) => one.penaltyId === penaltyId) ?? card.penalties[0];
  if (!penalty) return null;
  const { outstanding, toLift } = card.verdict;
  const educated = penalty.educationPoints === null;
  const ground = wanted === 'education' && educated ? 'service' : wanted;
  const fixed = ground === 'education';
  const text = typed ?? String(suggested(penalty, ground, toLift));
  const points = fixed ? penalty.educationPoints : parseWhole(text);
  const isValid = points !== null && points >= 1 && points <= penalty.outstanding;
  const after = outstanding - (isValid ? points : 0);

  const submit = async () => {
    if (!isValid) return;
    const outcome = await run({
      type: 'deductPenalty',
      penaltyId: penalty.penaltyId,
      ground,
      ...(!fixed && { points }),
      ...(note !== '' && { note }),
    });
    if (outcome) onDone(outcome);
  };
  const nameOfPenalty = (one: OpenPenalty) =>
    `${formatShortDate(one.at, now)} ${one.code ? common(`penaltyCode.${one.code}`) : common('recordKind.penaltyImposed')}`;

  return (
    <RecordDialog
      name="deduct"
      title={t('deduct.title')}
      size={560}
      customer={card.customer}
      error={error}
      isPending={isPending}
      canSubmit={isValid}
      submitLabel={isValid ? t('deduct.submit', { points: formatNumber(points) }) : t('deduct.submitPlain')}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <Choices
        stacked
        label={t('deduct.penalty')}
        testid="deduct-penalty"
        value={penalty.penaltyId}
        onChange={(value) => {
          setPenaltyId(value);
          setTyped(null);
        }}
        choices={card.penalties.map((one) => ({
          value: one.penaltyId,
          main: nameOfPenalty(one),
          detail: areaName(one.areaId),
          aside: t('deduct.remains', {
            left: formatNumber(one.outstanding),
            points: formatNumber(one.points),
          }),
        }))}
      />
      <Choices<Ground>
        label={t('deduct.ground')}
        testid="deduct-ground"
        autoFocus
        value={ground}
        onChange={(value) => {
          setGround(value);
          setTyped(null);
        }}
        choices={grounds.map((one) => ({
          value: one,
          main: common(`ground.${one}`),
          detail:
            one === 'education' && educated
              ? t('deduct.educationDone')
              : one === 'waiver' && staff.role === 'staff'
                ? t('deduct.waiverOnly')
                : `−${formatNumber(suggested(penalty, one, toLift))}${common('unitPenalty')}`,
          disabled: (one === 'education' && educated) || (one === 'waiver' && staff.role === 'staff'),
        }))}
      />
      <div className={classes.twoColumns}>
        <TextInput
          data-testid="deduct-points"
          label={t('deduct.points')}
          description={fixed ? t('deduct.educationPoints', { points: formatNumber(points ?? 0) }) : undefined}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          inputMode="numeric"
          autoComplete="off"
          disabled={fixed}
          value={fixed ? String(points) : text}
          onChange={(event) => setTyped(event.currentTarget.value)}
          error={
            isValid || text === '' ? null : t('deduct.tooMuch', { points: formatNumber(penalty.outstanding) })
          }
        />
        <NoteField testid="deduct-note" label={t('deduct.note')} value={note} onChange={setNote} />
      </div>
      <Outlook label={t('deduct.after')} verdict={card.verdict} outstanding={after}>
        {toLift !== null && isValid && (
          <span data-testid="deduct-lift">
            {points >= toLift
              ? t('deduct.lifted')
              : t('deduct.notLifted', { points: formatNumber(toLift - points) })}
          </span>
        )}
      </Outlook>
    </RecordDialog>
  );
}
