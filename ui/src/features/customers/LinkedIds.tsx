import { Button } from '@mantine/core';
import { Unlink } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LinkedCustomer } from '../../backend';
import { useLinkedCustomers } from '../../shared/data/linked';
import { CustomerNameText, ErrorNotice, PenaltyPoints, Points, RecordConfirm } from '../../shared/parts';
import { useMayAct } from '../../shared/roles';
import { useWords } from '../../shared/words';
import classes from './Link.module.css';

interface Props {
  customerId: string;
  onOther: (customerId: string) => void;
  onParted: () => void;
}

/** The other ids of the person. A manager parts those that were joined by mistake. */
export function LinkedIds({ customerId, onOther, onParted }: Props) {
  const { t } = useTranslation('customers');
  const words = useWords();
  const mayPart = useMayAct()('manager');
  const { data, error, refetch } = useLinkedCustomers(customerId);
  const [parting, setParting] = useState<LinkedCustomer | null>(null);
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (!data || data.length === 0) return null;
  return (
    <section aria-label={t('link.list')} data-testid="linked-ids">
      <h3 className={classes.listTitle}>{t('link.list')}</h3>
      <ul className={classes.list}>
        {data.map((one) => (
          <li key={one.customer.customerId} data-testid="linked-id">
            <button type="button" className={classes.other} onClick={() => onOther(one.customer.customerId)}>
              <CustomerNameText customer={one.customer} />
              <small>
                <Points value={one.balance} /> · <PenaltyPoints value={one.outstanding} />
                {!one.direct && ` · ${t('link.indirect')}`}
              </small>
            </button>
            {mayPart && one.direct && (
              <Button
                size="xs"
                variant="default"
                leftSection={<Unlink size={14} strokeWidth={1.75} />}
                data-testid="linked-part"
                onClick={() => setParting(one)}
              >
                {t('link.part')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {parting && (
        <RecordConfirm
          testid="part-dialog"
          title={t('link.partTitle', { name: words.nameOf(parting.customer) })}
          text={t('link.partText')}
          submit={t('link.part')}
          command={{ type: 'partCustomers', customerId, otherId: parting.customer.customerId }}
          onClose={() => setParting(null)}
          onDone={() => {
            setParting(null);
            onParted();
          }}
        />
      )}
    </section>
  );
}
