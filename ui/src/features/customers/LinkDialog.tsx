import { Modal } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerCard } from '../../backend';
import { CustomerField } from '../../shared/customer/CustomerField';
import { useCustomerCard } from '../../shared/data/queries';
import { useAction } from '../../shared/data/useAction';
import { formatPhone } from '../../shared/format';
import {
  CustomerNameText,
  DialogFoot,
  ErrorNotice,
  PenaltyPoints,
  Points,
  StandingTag,
} from '../../shared/parts';
import { dottedDate, formatIsoDate } from '../../shared/time';
import classes from './Link.module.css';

interface Props {
  card: CustomerCard;
  onClose: () => void;
  onDone: () => void;
}

/** Joins another id of the same person: finds it, and shows both side by side before anything is recorded. */
export function LinkDialog({ card, onClose, onDone }: Props) {
  const { t } = useTranslation('customers');
  const { run, isPending, error, reset } = useAction();
  const [otherId, setOtherId] = useState<string | null>(null);
  const { customerId } = card.customer;
  const isSame = otherId === customerId;
  const other = useCustomerCard(isSame ? null : otherId);
  const submit = async () => {
    if (!other.data || otherId === null) return;
    const outcome = await run({ type: 'linkCustomers', customerId, otherId });
    if (outcome) onDone();
  };
  return (
    <Modal opened onClose={onClose} size={640} title={t('link.title')} data-testid="link-dialog">
      <form
        className={classes.form}
        data-busy={isPending || undefined}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p>{t('link.find')}</p>
        <CustomerField
          customerId={otherId}
          readOnly={isPending}
          problem={isSame ? t('link.same') : null}
          testid="link-find"
          autoFocus
          onChange={(id) => {
            setOtherId(id);
            reset();
          }}
        />
        {other.data && (
          <>
            <div className={classes.both} data-testid="link-both">
              <Side card={card} />
              <Side card={other.data} />
            </div>
            <p>{t('link.means')}</p>
          </>
        )}
        {error && <ErrorNotice error={error} />}
        <DialogFoot onCancel={onClose} testid="link-submit" loading={isPending} disabled={!other.data}>
          {t('link.submit')}
        </DialogFoot>
      </form>
    </Modal>
  );
}

function Side({ card }: { card: CustomerCard }) {
  const { t } = useTranslation('customers');
  const { customer, phone, points, verdict, inside } = card;
  const facts: [string, React.ReactNode][] = [
    [t('detail.phone'), phone ? formatPhone(phone) : t('detail.noPhone')],
    [t('detail.card'), card.card ?? t('detail.noCard')],
    [t('detail.registered'), dottedDate(formatIsoDate(card.registeredAt))],
    [t('detail.balance'), <Points key="balance" value={points.balance} />],
    [t('detail.outstanding'), <PenaltyPoints key="outstanding" value={verdict.outstanding} />],
  ];
  return (
    <section className={classes.side}>
      <h3 className={classes.name}>
        <CustomerNameText customer={customer} />
      </h3>
      <p className={classes.state}>
        <StandingTag standing={verdict.standing} /> {t(inside ? 'link.inside' : 'link.outside')}
      </p>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd data-selectable>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
