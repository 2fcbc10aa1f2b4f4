import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type LineKind, type LotView, type Moment, type PointsWhy, useBackend } from '../../backend';
import { keys } from '../data/queries';
import { formatNumber, formatSigned } from '../format';
import { Delayed, ErrorNotice } from '../parts';
import { dottedDate } from '../time';
import { FactTable } from './FactTable';
import classes from './why.module.css';

/** Reads why a customer's balance and standing are what they are, now or at another moment. */
export function useWhy(customerId: string, moment?: Moment, enabled = true) {
  const backend = useBackend();
  return useQuery({
    queryKey: [...keys.mypage, 'why', customerId, moment?.at ?? '', moment?.view ?? ''],
    queryFn: () => backend.why({ customerId, ...(moment ? { moment } : {}) }),
    enabled,
  });
}

/** Explains a balance: the facts that moved points, what expired, and the lots that it consists of. */
export function PointsReasons({ customerId, moment }: { customerId: string; moment?: Moment }) {
  const { t } = useTranslation('common');
  const why = useWhy(customerId, moment);
  if (why.error) return <ErrorNotice error={why.error} onRetry={() => void why.refetch()} />;
  if (!why.data) {
    return (
      <Delayed>
        <p className={classes.none}>{t('why.loading')}</p>
      </Delayed>
    );
  }
  const { points } = why.data;
  const lines = points.lines.map((line) => ({
    ...line,
    details: line.lots.some(({ lastDay }) => lastDay !== null) ? lotsText(t('why.never'), line.lots) : '',
    who: [line.terminalName, line.by].filter(Boolean).join(' '),
    change: line.points,
    sum: line.balance,
    tone: line.points < 0 ? ('bad' as const) : ('ok' as const),
  }));
  const earlier = points.earlier > 0 && (
    <tr>
      <td />
      <td>{t('why.earlier', { value: formatNumber(points.earlier) })}</td>
      <td />
      <td />
      <td />
      <td data-number data-strong>
        {formatNumber(points.earlierBalance)}
      </td>
    </tr>
  );
  return (
    <>
      <p className={classes.because} data-testid="why-points">
        {t('why.balance', { points: formatNumber(points.balance) })}
      </p>
      <div className={classes.columns}>
        <section>
          <div className={classes.head}>
            <h3>{t('why.pointFacts', { value: formatNumber(points.earlier + lines.length) })}</h3>
            <span>{t('why.onlyPoints')}</span>
          </div>
          {lines.length === 0 ? (
            <p className={classes.none}>{t('why.noPoints')}</p>
          ) : (
            <FactTable lines={lines} first={earlier} />
          )}
        </section>
        <Receipt points={points} />
      </div>
    </>
  );
}

const lotsText = (never: string, lots: LotView[]): string =>
  lots
    .map(({ lastDay, points }) => `${lastDay ? dottedDate(lastDay) : never} ${formatSigned(points)}`)
    .join(', ');

function Receipt({ points }: { points: PointsWhy }) {
  const { t } = useTranslation('common');
  const sums = new Map<LineKind, number>();
  for (const { kind, points: change } of points.lines) sums.set(kind, (sums.get(kind) ?? 0) + change);
  return (
    <section className={classes.receipt}>
      <h3>{t('why.arithmetic')}</h3>
      <dl>
        {points.earlier > 0 && (
          <div>
            <dt>{t('why.earlierSum')}</dt>
            <dd>{formatNumber(points.earlierBalance)} P</dd>
          </div>
        )}
        {[...sums].map(([kind, sum]) => (
          <div key={kind}>
            <dt>{t(`factKind.${kind}`)}</dt>
            <dd>{formatSigned(sum)} P</dd>
          </div>
        ))}
        <div data-total>
          <dt>{t('why.balanceLabel')}</dt>
          <dd>{formatNumber(points.balance)} P</dd>
        </div>
      </dl>
      <h3>{t('why.lots')}</h3>
      {points.lots.length === 0 ? (
        <p className={classes.none}>{t('why.noLots')}</p>
      ) : (
        <dl>
          {points.lots.map((lot) => (
            <div key={lot.lastDay ?? ''} data-testid="why-lot">
              <dt>{lot.lastDay ? t('why.until', { day: dottedDate(lot.lastDay) }) : t('why.never')}</dt>
              <dd>{formatNumber(lot.points)} P</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
