import { Button, Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCustomerCard } from '../../shared/data/queries';
import { useHotkeys } from '../../shared/hotkeys';
import { useNavigation } from '../../shared/navigation';
import { Delayed, ErrorNotice, StandingTag } from '../../shared/parts';
import { type WhySide, WhySides } from '../../shared/why/WhySides';
import { useWords } from '../../shared/words';
import classes from './Mypage.module.css';
import { OtherCustomer } from './OtherCustomer';
import { PickCustomer } from './PickCustomer';

/** Why the customer in hand may smoke or not, and why the balance is what it is (왜). */
export function WhyScreen() {
  const { customerId, selectCustomer } = useNavigation();
  useHotkeys({ 'Ctrl F': () => selectCustomer(null) });
  if (customerId === null) return <PickCustomer onPick={selectCustomer} />;
  return <Reasons key={customerId} customerId={customerId} onOther={() => selectCustomer(null)} />;
}

function Reasons({ customerId, onOther }: { customerId: string; onOther: () => void }) {
  const { t } = useTranslation('mypage');
  const { t: common } = useTranslation('common');
  const { nameOf } = useWords();
  const { data: card, error, refetch } = useCustomerCard(customerId);
  const [side, setSide] = useState<WhySide>('verdict');
  if (error) {
    return (
      <div className={classes.failed}>
        <ErrorNotice error={error} onRetry={() => void refetch()} />
        <Button variant="default" onClick={onOther}>
          {t('pick.change')}
        </Button>
      </div>
    );
  }
  if (!card) {
    return (
      <Delayed>
        <div className={classes.loading}>
          <Skeleton height={44} width={480} />
        </div>
      </Delayed>
    );
  }
  const { verdict } = card;
  return (
    <div className={classes.reasons} data-testid="why-screen" data-home tabIndex={-1}>
      <header className={classes.reasonsHead}>
        <h1 className={classes.name}>
          <span>
            {card.erased ? common('erased') : common('namePlain', { name: nameOf(card.customer) })} ·{' '}
            {side === 'verdict' ? common(`why.title.${verdict.standing}`) : common('why.title.points')}
          </span>
          {side === 'verdict' && <StandingTag standing={verdict.standing} />}
        </h1>
        <OtherCustomer testId="why-other" onClick={onOther} />
      </header>
      <h2 className="visually-hidden">{common(`why.sides.${side}`)}</h2>
      <WhySides customerId={customerId} verdict={verdict} side={side} onSide={setSide} />
    </div>
  );
}
