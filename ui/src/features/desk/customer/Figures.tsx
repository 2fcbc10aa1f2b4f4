import { useTranslation } from 'react-i18next';
import type { CustomerCard } from '../../../backend';
import { shortAreaName } from '../../../shared/areaName';
import { formatNumber, percentOf } from '../../../shared/format';
import { useHolderLines } from '../../../shared/holders';
import { useAreaName } from '../../../shared/session';
import { useNow } from '../../../shared/time';
import { endedBan, pointsToBan } from '../../../shared/why/verdictWords';
import { useWords } from '../../../shared/words';
import classes from './figures.module.css';

/** A balance from which its figure takes more room than the others. */
const LONG_FROM = 1_000_000_000;

/** A customer's points, outstanding penalty and visits, each with a sentence about the consequence. */
export function Figures({ card }: { card: CustomerCard }) {
  const { t } = useTranslation('desk');
  return (
    <dl className={classes.figures} data-long={card.points.balance >= LONG_FROM || undefined}>
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
  const holders = useHolderLines()(card.points.holders, useNow());
  const detail =
    balance === 0
      ? t('figures.noPoints')
      : payableHere === balance
        ? t('figures.allHere')
        : payableHere === 0
          ? t('figures.noneHere')
          : t('figures.here', { points: formatNumber(payableHere) });
  const title = [detail, ...holders.map(({ fullText }) => fullText)].join('\n');
  return (
    <div className={classes.figure}>
      <dt>{t('figures.balance')}</dt>
      <dd className={classes.value} data-testid="balance">
        {formatNumber(balance)}
        <span className={classes.unit}>P</span>
      </dd>
      <dd className={classes.detail} title={title} data-testid="balance-detail">
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
        ? endedBan(card.verdict)
          ? t('figures.nextBans')
          : t('figures.toBan', { points: formatNumber(pointsToBan(card.verdict)) })
        : t('figures.toLift', { points: formatNumber(toLift ?? 0) });
  return (
    <div className={classes.figure}>
      <dt>{t('figures.outstanding')}</dt>
      <dd className={classes.value} data-testid="outstanding">
        {formatNumber(outstanding)}
        <span className={classes.unit}>{t('figures.of', { limit: prohibitAt })}</span>
        <PenaltyScale outstanding={outstanding} warnAt={warnAt} prohibitAt={prohibitAt} />
      </dd>
      <dd className={classes.detail}>{left}</dd>
    </div>
  );
}

/** A bar that shows how near the outstanding penalty is to a warning and to a ban. */
function PenaltyScale({
  outstanding,
  warnAt,
  prohibitAt,
}: {
  outstanding: number;
  warnAt: number;
  prohibitAt: number;
}) {
  const percent = (value: number) => `${percentOf(value, prohibitAt)}%`;
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
  const { dayOrRecent, stay } = useWords();
  const areaName = useAreaName();
  const now = useNow();
  const named = (areaId: string) => shortAreaName(areaName(areaId) ?? common('unknownArea'));
  const { inside, lastVisit } = card;
  const text = inside
    ? t('figures.insideNow', { area: named(inside.areaId), duration: stay(inside.since, now) })
    : lastVisit
      ? t('figures.last', { when: dayOrRecent(lastVisit.at, now), area: named(lastVisit.areaId) })
      : t('figures.noVisits');
  return (
    <dd className={classes.detail} data-testid="visit-detail">
      {text}
    </dd>
  );
}
