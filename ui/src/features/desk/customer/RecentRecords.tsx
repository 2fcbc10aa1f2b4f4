import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecentRecord } from '../../../backend';
import { useNow } from '../../../shared/clock';
import { useRecentRecords } from '../../../shared/data/queries';
import { calendarDaysBetween, formatClock, formatShortDate } from '../../../shared/format';
import { useNavigation } from '../../../shared/navigation';
import { CustomerNameText, ErrorNotice, PenaltyPoints, Points, StateTag } from '../../../shared/parts';
import { useAreaName } from '../../../shared/session';
import { shortAreaName } from '../areaName';
import classes from './customer.module.css';

const SHOWN = 30;

type Scope = 'terminal' | 'customer';

/** The last things recorded: here, or of this customer wherever it was. */
export function RecentRecords({ customerId }: { customerId: string | null }) {
  const { t } = useTranslation('desk');
  const [wanted, setScope] = useState<Scope>('terminal');
  const scope: Scope = customerId === null ? 'terminal' : wanted;
  const { data, error, refetch } = useRecentRecords(
    scope === 'customer' && customerId ? customerId : undefined,
    SHOWN,
  );
  return (
    <section className={classes.recent} aria-label={t('recent.title')}>
      <div className={classes.recentHead}>
        <h2>{t('recent.title')}</h2>
        <SegmentedControl
          value={scope}
          onChange={(value) => setScope(value as Scope)}
          aria-label={t('recent.title')}
          data={[
            { value: 'terminal', label: t('recent.terminal') },
            { value: 'customer', label: t('recent.customer'), disabled: customerId === null },
          ]}
        />
      </div>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data && data.length > 0 && (
        <table className={classes.table}>
          <colgroup>
            <col style={{ width: 56 }} />
            <col style={{ width: '18%' }} />
            <col />
            <col style={{ width: 84 }} />
            <col style={{ width: 62 }} />
            <col style={{ width: 88 }} />
          </colgroup>
          <thead>
            <tr>
              <th scope="col">{t('recent.time')}</th>
              <th scope="col">{t('recent.who')}</th>
              <th scope="col">{t('recent.what')}</th>
              <th scope="col" className={classes.change}>
                {t('recent.change')}
              </th>
              <th scope="col">{t('recent.by')}</th>
              <th scope="col">{t('recent.state')}</th>
            </tr>
          </thead>
          <tbody>
            {data.map((record) => (
              <RecentRow key={record.eventId} record={record} />
            ))}
          </tbody>
        </table>
      )}
      {data?.length === 0 && (
        <p className={classes.actionDetail}>
          {t(scope === 'customer' ? 'recent.emptyCustomer' : 'recent.empty')}
        </p>
      )}
    </section>
  );
}

function RecentRow({ record }: { record: RecentRecord }) {
  const { t: common } = useTranslation('common');
  const { hold } = useNavigation();
  const areaName = useAreaName();
  const now = useNow();
  const { at, customer, kind, areaId, code, ground, points, penaltyPoints, by, state } = record;
  const what = [
    common(`recordKind.${kind}`),
    code && common(`penaltyCode.${code}`),
    ground && common(`ground.${ground}`),
    areaId && shortAreaName(areaName(areaId) ?? common('unknownArea')),
  ]
    .filter(Boolean)
    .join(' · ');
  const isToday = calendarDaysBetween(at, now) === 0;
  return (
    <tr data-testid="recent" data-kind={kind} data-state={state} onClick={() => hold(customer.customerId)}>
      <td>{isToday ? formatClock(at) : formatShortDate(at, now)}</td>
      <td className={classes.who}>
        <CustomerNameText customer={customer} className={classes.cell ?? ''} />
      </td>
      <td>
        <span className={`one-line ${classes.cell}`} title={what}>
          {what}
        </span>
      </td>
      <td className={classes.change} data-tone={(penaltyPoints ?? 0) < 0 ? 'ok' : undefined}>
        {points !== null && points !== 0 && <Points value={points} signed />}
        {penaltyPoints !== null && penaltyPoints !== 0 && <PenaltyPoints value={penaltyPoints} signed />}
      </td>
      <td>
        <span className={`one-line ${classes.cell}`} title={by ?? undefined}>
          {by}
        </span>
      </td>
      <td>
        <StateTag state={state} />
      </td>
    </tr>
  );
}
