import { FocusTrap, Modal } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerName, Moment, Verdict } from '../../backend';
import { StandingTag } from '../parts';
import { useWords } from '../words';
import { type WhySide, WhySides } from './WhySides';
import classes from './why.module.css';

interface Props {
  customer: CustomerName;
  verdict: Verdict;
  /** The side that is shown first. */
  first?: WhySide;
  /** Another moment than now, which the verdict is of. */
  moment?: Moment;
  onClose: () => void;
}

/** Explains why a customer may smoke or not, and why the balance is what it is. */
export function WhyDialog({ customer, verdict, first = 'verdict', moment, onClose }: Props) {
  const { t } = useTranslation('common');
  const { nameOf } = useWords();
  const [side, setSide] = useState<WhySide>(first);
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
      <WhySides
        customerId={customer.customerId}
        verdict={verdict}
        {...(moment ? { moment } : {})}
        side={side}
        onSide={setSide}
        inDialog
      />
    </Modal>
  );
}
