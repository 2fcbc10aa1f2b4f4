import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Command, CustomerCard, Ground, GroundView, OpenPenalty, Outcome } from '../../../backend';
import { useAction } from '../../../shared/data/useAction';
import { formatNumber, parseWhole } from '../../../shared/format';
import { codeName, groundName } from '../../../shared/openWords';
import { HINT_BELOW, Points } from '../../../shared/parts';
import { mayAct } from '../../../shared/roles';
import { useAreaName, useSession } from '../../../shared/session';
import { formatShortDate, useNow } from '../../../shared/time';
import { ChoiceCards } from './ChoiceCards';
import classes from './dialogs.module.css';
import { PointsElsewhere } from './PointsElsewhere';
import { NoteField, RecordDialog } from './RecordDialog';
import { StandingPreview } from './StandingPreview';

interface Props {
  card: CustomerCard;
  onClose: () => void;
  onDone: (outcome: Outcome, command: Command) => void;
}

/** Nobody pays for what the facility concedes. */
const PAYABLE = new Set<Ground>(['education', 'service']);

type Rule = Pick<GroundView, 'ground' | 'takes' | 'most'>;

/** The points that a ground takes off, or that are proposed. */
const suggested = (penalty: OpenPenalty, { ground, takes, most }: Rule, toLift: number | null): number => {
  if (takes === 'half') {
    const half = Math.max(1, Math.floor(penalty.points / 2));
    return Math.min(half, penalty.outstanding, most ?? half);
  }
  const lifting = ground === 'service' ? (toLift ?? penalty.outstanding) : penalty.outstanding;
  return Math.min(penalty.outstanding, lifting, most ?? penalty.outstanding);
};

/**
 * Deducts points from a penalty: asks for the penalty, the ground and the points, and shows the standing afterwards. If
 * the rules set a price, the customer may pay for it with points.
 */
export function DeductDialog({ card, onClose, onDone }: Props) {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation('common');
  const { staff, rules } = useSession();
  const { grounds } = rules;
  const areaName = useAreaName();
  const now = useNow();
  const { run, isPending, error, reset } = useAction();
  const [penaltyId, setPenaltyId] = useState(card.penalties[0]?.penaltyId ?? '');
  const [chosenGround, setChosenGround] = useState<Ground>(grounds[0]?.ground ?? 'service');
  const [note, setNote] = useState('');
  const [typed, setTyped] = useState<string | null>(null);
  const [wantsToPay, setWantsToPay] = useState(false);

  const penalty = card.penalties.find((one) => one.penaltyId === penaltyId) ?? card.penalties[0];
  if (!penalty) return null;
  const { outstanding, toLift } = card.verdict;
  const isEducated = penalty.educationPoints === null;
  // An education that was deducted before can't be deducted again.
  const isDone = (one: Ground) => one === 'education' && isEducated;
  const rule = grounds.find((one) => one.ground === chosenGround && !isDone(chosenGround)) ??
    grounds.find((one) => !isDone(one.ground)) ?? { ground: chosenGround, takes: 'as_said', most: null };
  const { ground } = rule;
  const fixed = rule.takes === 'half';
  const text = typed ?? String(suggested(penalty, rule, toLift));
  const points = fixed ? suggested(penalty, rule, toLift) : parseWhole(text);
  const most = Math.min(penalty.outstanding, rule.most ?? penalty.outstanding);
  const isValid = points !== null && points >= 1 && points <= most;
  const after = outstanding - (isValid ? points : 0);
  const each = PAYABLE.has(ground) ? rules.pricePerPenaltyPoint : null;
  const isPaid = each !== null && wantsToPay;
  const price = isPaid && isValid ? each * points : 0;
  const { balance } = card.points;
  const canPay = price <= balance;
  const canSubmit = isValid && canPay;
  // The dialog can't be closed while another terminal is asked for points, because the deduction isn't decided yet.
  const close = () => !(isPending && isPaid) && onClose();

  const submit = async () => {
    if (!canSubmit) return;
    const command: Command = {
      type: 'deductPenalty',
      penaltyId: penalty.penaltyId,
      ground,
      ...(!fixed && { points }),
      ...(note !== '' && { note }),
      ...(isPaid && { pay: true }),
    };
    const outcome = await run(command);
    if (outcome) onDone(outcome, command);
  };
  const amounts = { points: formatNumber(points ?? 0), price: formatNumber(price) };
  const submitLabel = isValid
    ? t(isPaid ? 'deduct.submitPaid' : 'deduct.submit', amounts)
    : t('deduct.submitPlain');
  const nameOfPenalty = (one: OpenPenalty) =>
    `${formatShortDate(one.at, now)} ${one.code ? codeName(common, one.code) : common('factKind.penaltyImposed')}`;

  return (
    <RecordDialog
      name="deduct"
      title={t('deduct.title')}
      size={560}
      customer={card.customer}
      error={error}
      isPending={isPending}
      canSubmit={canSubmit}
      submitLabel={submitLabel}
      onSubmit={() => void submit()}
      onClose={close}
    >
      <ChoiceCards
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
      <ChoiceCards<Ground>
        label={t('deduct.ground')}
        testid="deduct-ground"
        autoFocus
        value={ground}
        onChange={(value) => {
          setChosenGround(value);
          setTyped(null);
        }}
        choices={grounds.map((one) => ({
          value: one.ground,
          main: groundName(common, one.ground),
          detail: isDone(one.ground)
            ? t('deduct.educationDone')
            : mayAct(staff.role, one.role)
              ? `−${formatNumber(suggested(penalty, one, toLift))}${common('unitPenalty')}`
              : t('deduct.roleOnly', { role: common(`role.${one.role}`) }),
          disabled: isDone(one.ground),
        }))}
      />
      <div className={classes.twoColumns}>
        <TextInput
          data-testid="deduct-points"
          label={t('deduct.points')}
          description={fixed ? t('deduct.educationPoints', { points: formatNumber(points ?? 0) }) : undefined}
          inputWrapperOrder={HINT_BELOW}
          inputMode="numeric"
          autoComplete="off"
          disabled={fixed}
          value={fixed ? String(points) : text}
          onChange={(event) => setTyped(event.currentTarget.value)}
          error={isValid || text === '' ? null : t('deduct.tooMuch', { points: formatNumber(most) })}
        />
        <NoteField testid="deduct-note" label={t('deduct.note')} value={note} onChange={setNote} />
      </div>
      {each !== null && (
        <Checkbox
          data-testid="deduct-pay"
          label={t('deduct.pay', { price: formatNumber(each) })}
          checked={wantsToPay}
          onChange={(event) => {
            setWantsToPay(event.currentTarget.checked);
            if (error) reset();
          }}
        />
      )}
      {isPaid && isValid && (
        <dl className={classes.sum}>
          <div>
            <dt>{t('deduct.price')}</dt>
            <dd data-testid="deduct-price">
              <Points value={price} />
            </dd>
          </div>
          <div>
            <dt>{t('pay.balance')}</dt>
            <dd data-testid="deduct-balance">
              <Points value={balance} />
            </dd>
          </div>
          <div data-total>
            <dt>{t('pay.remaining')}</dt>
            <dd data-testid="deduct-remaining">{canPay ? <Points value={balance - price} /> : '–'}</dd>
          </div>
        </dl>
      )}
      {!canPay && (
        <p className={classes.problem} role="alert" data-testid="deduct-short">
          {t('pay.tooMuch', { balance: formatNumber(balance) })}
        </p>
      )}
      {!error && (
        <PointsElsewhere
          name="deduct"
          points={card.points}
          wanted={canPay ? price : 0}
          isAsking={isPending && isPaid}
        />
      )}
      <StandingPreview label={t('deduct.after')} verdict={card.verdict} outstanding={after}>
        {toLift !== null && isValid && (
          <span data-testid="deduct-lift">
            {points >= toLift
              ? t('deduct.lifted')
              : t('deduct.notLifted', { points: formatNumber(toLift - points) })}
          </span>
        )}
      </StandingPreview>
    </RecordDialog>
  );
}
