import { SegmentedControl, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PeriodCustomer, TopBy } from '../../backend';
import { formatNumber } from '../../shared/format';
import { useNavigation } from '../../shared/navigation';
import { CustomerNameText } from '../../shared/parts';
import { Panel } from './Panel';
import classes from './Reports.module.css';

const COLUMNS = ['visits', 'earned', 'paid', 'penaltyPoints'] as const satisfies readonly TopBy[];

interface CustomersProps {
  top: readonly PeriodCustomer[];
  by: TopBy;
  onBy: (by: TopBy) => void;
  onExport: () => void;
}

/** The customers with the most of something. */
export function Customers({ top, by, onBy, onExport }: CustomersProps) {
  const { t } = useTranslation('reports');
  const { go } = useNavigation();
  return (
    <Panel title={t('customers')} note={t('note.customers')} name="customers" onExport={onExport}>
      <SegmentedControl
        className={classes.screenOnly}
        aria-label={t('by')}
        value={by}
        onChange={(value) => onBy(value as TopBy)}
        data={COLUMNS.map((value) => ({
          value,
          label: <span data-testid={`period-by-${value}`}>{t(`column.${value}`)}</span>,
        }))}
      />
      {top.length === 0 ? (
        <p className={classes.quiet}>{t('noCustomers')}</p>
      ) : (
        <table className={classes.table} data-testid="period-customers">
          <caption className="visually-hidden">{t('customers')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('customer')}</th>
              {COLUMNS.map((column) => (
                <th key={column} scope="col" aria-sort={column === by ? 'descending' : undefined}>
                  {t(`column.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {top.map(({ customer, ...row }) => (
              <tr key={customer.customerId}>
                <th scope="row">
                  <UnstyledButton className={classes.link} onClick={() => go('mypage', customer.customerId)}>
                    <CustomerNameText customer={customer} />
                  </UnstyledButton>
                </th>
                {COLUMNS.map((column) => (
                  <td key={column}>{formatNumber(row[column])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
