import { FocusTrap, Modal, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerName, Moment, Verdict } from '../../backend';
import { useHotkeys } from '../hotkeys';
import { Kbd, StandingTag } from '../parts';
import { useWords } from '../words';
import { PointsReasons } from './PointsReasons';
import { VerdictReasons } from './VerdictReasons';
import classes from './why.module.css';

const SIDES = ['verdict', 'points'] as const;
type Side = (typeof SIDES)[number];

interface Props {
  customer: CustomerName;
  verdict: Verdict;
  /** The side that is shown first. */
  first?: Side;
  /** Another moment than now, which the verdict is of. */
  moment?: Moment;
  onClose: () => void;
}

/** Explains why a customer may smoke or not, and why the balance is what it is. F9 turns from one to the other. */
export function WhyDialog({ customer, verdict, first = 'verdict', moment, onClose }: Props) {
  const { t } = useTranslation('common');
  const { nameOf } = useWords();
  const [side, setSide] = useState<Side>(first);
  useHotkeys(
    { F9: ({ repeat }) => repeat || setSide(side === 'verdict' ? 'points' : 'verdict') },
    { inDialog: true },
  );
  const { standing } = verdict;
  return (
    <Modal
      opened
      onClose={onClose}
      size={880}
      title={
        <span className={classes.title}>
          <span>
            {t('namePlain', { name: nameOf(customer) })} ·{' '}
            {side === 'verdict' ? t(`why.title.${standing}`) : t('why.title.points')}
          </span>
          {side === 'verdict' && <StandingTag standing={standing} />}
        </span>
      }
      data-testid="why"
    >
      <FocusTrap.InitialFocus />
      <div className={classes.sides}>
        <SegmentedControl
          aria-label={t('why.side')}
          value={side}
          onChange={(value) => setSide(value as Side)}
          data={SIDES.map((value) => ({
            value,
            label: <span data-testid={`why-side-${value}`}>{t(`why.sides.${value}`)}</span>,
          }))}
        />
        <Kbd>F9</Kbd>
      </div>
      {side === 'verdict' ? (
        <VerdictReasons verdict={verdict} />
      ) : (
        <PointsReasons customerId={customer.customerId} {...(moment ? { moment } : {})} />
      )}
    </Modal>
  );
}
