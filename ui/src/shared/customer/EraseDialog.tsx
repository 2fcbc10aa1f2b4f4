import { Checkbox, Modal, NativeSelect, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AccessReason, type CustomerId, type Outcome, useBackend } from '../../backend';
import { useAction } from '../data/useAction';
import { formatNumber, formatPhone } from '../format';
import { Confirm, Delayed, ErrorNotice } from '../parts';
import { useLanguage } from '../preferences';
import { formatDay, useNow } from '../time';
import { useWords } from '../words';
import classes from './customer.module.css';

const REASONS: readonly AccessReason[] = ['customer_request', 'not_seen', 'other'];

interface Props {
  customerId: CustomerId;
  /** The reason that is proposed. */
  reason?: AccessReason;
  onClose: () => void;
  onErased: (outcome: Outcome) => void;
}

/** Erases a person: shows which ids go, what stays and why, and asks for the reason and a confirmation. */
export function EraseDialog({ customerId, reason: proposed = 'customer_request', onClose, onErased }: Props) {
  const { t } = useTranslation('customers');
  const { t: common } = useTranslation('common');
  const words = useWords();
  const language = useLanguage();
  const now = useNow();
  const backend = useBackend();
  const { run, isPending, error } = useAction();
  const [reason, setReason] = useState<AccessReason>(proposed);
  const [isSure, setIsSure] = useState(false);
  const preview = useQuery({
    queryKey: ['erasure', customerId],
    queryFn: () => backend.erasurePreview({ customerId }),
    gcTime: 0,
  });
  const first = preview.data?.ids[0];
  const erase = async () => {
    const outcome = await run({ type: 'eraseCustomer', customerId, reason });
    if (outcome) onErased(outcome);
  };
  if (!preview.data || !first) {
    return (
      <Modal opened onClose={onClose} size={560} title={t('erase.titlePlain')} data-testid="erase-dialog">
        {preview.error ? (
          <ErrorNotice error={preview.error} />
        ) : (
          <Delayed>
            <Skeleton height={160} />
          </Delayed>
        )}
      </Modal>
    );
  }
  const { ids, notes, prohibited, balance, stays } = preview.data;
  return (
    <Confirm
      title={t('erase.title', { name: words.nameOf(first.customer) })}
      keep={t('erase.keep')}
      confirm={t('erase.confirm')}
      isBusy={isPending}
      isDisabled={!isSure}
      isDangerous
      testId="erase-confirm"
      onConfirm={() => void erase()}
      onClose={() => !isPending && onClose()}
    >
      <div className={classes.erase} data-testid="erase-dialog">
        <section>
          <h3>{t('erase.goes')}</h3>
          <ul>
            {ids.map(({ customer, phone, card, registeredAt, lastVisitAt, inside }, index) => (
              <li key={customer.customerId} data-testid="erase-id">
                <b>
                  {words.nameOf(customer)} <small>#{customer.tag}</small>
                </b>
                {index > 0 && <em>{t('erase.linked')}</em>}
                <span>
                  {[
                    phone && formatPhone(phone),
                    card,
                    lastVisitAt !== null
                      ? t('erase.lastVisit', { time: words.dayOrRecent(lastVisitAt, now) })
                      : registeredAt !== null &&
                        t('erase.registered', { day: formatDay(registeredAt, language) }),
                    inside && t('erase.inside'),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </li>
            ))}
            {notes > 0 && <li>{t('erase.notes', { value: formatNumber(notes), count: notes })}</li>}
            {balance > 0 && <li>{t('erase.balance', { points: formatNumber(balance) })}</li>}
          </ul>
        </section>
        {prohibited && (
          <p className={classes.eraseBan} data-testid="erase-ban">
            {t('erase.ban')}
          </p>
        )}
        {stays.length > 0 && (
          <section>
            <h3>{t('erase.stays')}</h3>
            <ul>
              {stays.map(({ what, count, why }) => (
                <li key={what} data-testid="erase-stays">
                  <b>{t(`erase.what.${what}`, { value: formatNumber(count), count })}</b>
                  <span>{t(`erase.why.${why}`)}</span>
                </li>
              ))}
            </ul>
          </section>
        )}
        <p>{t('erase.backups')}</p>
        <NativeSelect
          size="md"
          label={t('erase.reason')}
          value={reason}
          data-testid="erase-reason"
          data={REASONS.map((value) => ({ value, label: common(`accessReason.${value}`) }))}
          onChange={(event) => setReason(event.currentTarget.value as AccessReason)}
        />
        <Checkbox
          checked={isSure}
          label={t('erase.sure')}
          data-testid="erase-sure"
          onChange={(event) => setIsSure(event.currentTarget.checked)}
        />
        {error && <ErrorNotice error={error} />}
      </div>
    </Confirm>
  );
}
