import { UnstyledButton } from '@mantine/core';
import { PencilLine } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { CustomerCard } from '../../../backend';
import { formatPhone } from '../../../shared/format';
import { useLanguage } from '../../../shared/preferences';
import { formatMonth } from '../../../shared/time';
import { useWords } from '../../../shared/words';
import classes from './customer.module.css';

/** The selected customer's name and details. A long name is truncated only at the pane's width. */
export function CustomerHead({ card, onEdit }: { card: CustomerCard; onEdit: () => void }) {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation('common');
  const language = useLanguage();
  const { nameOf } = useWords();
  const { customer, phone, card: cardNumber, registeredAt, erased } = card;
  const name = erased ? common('erased') : nameOf(customer);
  const { unknownHere } = customer;
  const isWalkIn = customer.name === null && !unknownHere;
  return (
    <header className={classes.head}>
      <h1
        className={`one-line ${classes.name}`}
        title={unknownHere ? `${name}. ${t('head.unknownHere')}` : name}
        data-unknown={unknownHere || undefined}
        data-testid="customer-name-shown"
        data-named={customer.name !== null || undefined}
        data-selectable
      >
        {name}
      </h1>
      {!unknownHere && (
        <span className={classes.phone} data-testid="customer-phone-shown" data-selectable>
          {phone === null ? t('head.noPhone') : formatPhone(phone)}
        </span>
      )}
      {/* If this terminal can't decrypt the profile, it can't edit the profile either. */}
      {!erased && !unknownHere && (
        <UnstyledButton
          className={classes.edit}
          data-testid="edit-customer"
          data-prominent={isWalkIn || undefined}
          title={t('head.edit')}
          aria-label={t(isWalkIn ? 'head.giveName' : 'head.edit')}
          onClick={onEdit}
        >
          <PencilLine size={16} strokeWidth={1.75} aria-hidden />
          {isWalkIn && t('head.giveName')}
        </UnstyledButton>
      )}
      <span className={classes.facts}>
        {cardNumber !== null && (
          <span title={cardNumber} data-selectable>
            {t('head.card', { card: cardNumber.length > 24 ? `${cardNumber.slice(0, 23)}…` : cardNumber })}
          </span>
        )}
        <span>{t('head.since', { month: formatMonth(registeredAt, language) })}</span>
      </span>
    </header>
  );
}
