import { useTranslation } from 'react-i18next';
import type { CustomerCard } from '../../../backend';
import { useNow } from '../../../shared/clock';
import { formatNumber } from '../../../shared/format';
import { useAreaName } from '../../../shared/session';
import { useWords } from '../../../shared/words';
import { shortAreaName } from '../areaName';
import { useHolders } from '../useHolders';
import classes from './figures.module.css';

/** What a customer has: points, penalty, visits. Each says what it means for the next step. */
export function Figures({ card }: { card: CustomerCard }) {
  const { t } = useTranslation('desk');
  return (
    <dl className={classes.figures}>
      <BalanceFigure card={card} />
      <PenaltyFigure card={card} />
      <div className={classes.figure}>
        <dt>{t('figures.visits')}</dt>
        <dd className={classes.value}>
          {card.visitsThisMonth === null ? '–' : formatNumber(card.visitsThisMonth)}
          <span className={classes.unit}>{t('figures.times')}</span>
        </dd>
        <VisitDetail card={card} />
      </div>
    </dl>
  );
}

function BalanceFigure({ card }: { card: CustomerCard }) {
  const { t } = useTranslation('desk');
  const { balance, payableHere } = card.points;
  const holders = useHolders(card.points);
  const [only] = holders;
  const here = { points: formatNumber(payableHere) };
  const detail =
    balance === 0
      ? t('figures.noPoints')
      : payableHere === balance
        ? t('figures.allHere')
        : only
          ? t('figures.hereAnd', {
              ...here,
              terminal:
                holders.length === 1 ? only.terminal : t('figures.elsewhere', { value: holders.length }),
            })
          : t('figures.here', here);
  const title = [detail, ...holders.map(({ text }) => text)].join('\n');
  return (
    <div className={classes.figure}>
      <dt>{t('figures.balance')}</dt>
      <dd className={classes.value} data-testid="balance">
        {formatNumber(balance)}
        <span className={classes.unit}>P</span>
      </dd>
      <dd className={`one-line ${classes.detail}`} title={title} data-testid="balance-detail">
        {detail}
      </dd>
    </div>
  );
}

function PenaltyFigure({ card }: { card: CustomerCard }) {
  const { t } = useTranslation('desk');
  const { outstanding, warnAt, prohibitAt, standing, toLift } = card.verdict;
  const left =
    standing === 'ALLOWED'
      ? t('figures.toWarning', { points: formatNumber(warnAt - outstanding) })
      : standing === 'WARNED'
        ? t('figures.toBan', { points: formatNumber(prohibitAt - outstanding) })
        : t('figures.toLift', { points: formatNumber(toLift ?? 0) });
  return (
    <div className={classes.figure}>
      <dt>{t('figures.outstanding')}</dt>
      <dd className={classes.value} data-testid="outstanding">
        {formatNumber(outstanding)}
        <span className={classes.unit}>{t('figures.of', { limit: prohibitAt })}</span>
        <Scale outstanding={outstanding} warnAt={warnAt} prohibitAt={prohibitAt} />
      </dd>
      <dd className={classes.detail}>{left}</dd>
    </div>
  );
}

/** How near the warning and the ban are. */
function Scale({
  outstanding,
  warnAt,
  prohibitAt,
}: {
  outstanding: number;
  warnAt: number;
  prohibitAt: number;
}) {
  const percent = (value: number) => `${Math.min(100, (value / prohibitAt) * 100)}%`;
  return (
    <span className={classes.scale} aria-hidden>
      <span className={classes.scaleFill} style={{ width: percent(outstanding) }} />
      <span className={classes.scaleMark} style={{ left: percent(warnAt) }} />
      <span className={classes.scaleMark} style={{ left: '100%' }} />
    </span>
  );
}

function VisitDetail({ card }: { card: CustomerCard }) {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation('common');
  const { when, stay } = useWords();
  const areaName = useAreaName();
  const now = useNow();
  const named = (areaId: string) => shortAreaName(areaName(areaId) ?? common('unknownArea'));
  const { inside, lastVisit } = card;
  const text = inside
    ? t('figures.insideNow', { area: named(inside.areaId), duration: stay(inside.since, now) })
    : lastVisit
      ? t('figures.last', { when: when(lastVisit.at, now), area: named(lastVisit.areaId) })
      : t('figures.noVisits');
  return (
    <dd className={`one-line ${classes.detail}`} title={text} data-testid="visit-detail">
      {text}
    </dd>
  );
}
