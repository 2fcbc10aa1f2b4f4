import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { CustomerCard, OpenPenalty, VerdictLine } from '../../../backend';
import { formatNumber, formatSigned, percentOf } from '../../../shared/format';
import { useHolderLines } from '../../../shared/holders';
import { codeName, groundName } from '../../../shared/openWords';
import { HolderLines } from '../../../shared/parts';
import { dottedDate, formatShortDate, useNow } from '../../../shared/time';
import classes from './figures.module.css';

/** The number of penalties and deductions that are listed; more don't fit beside the ways to lift the ban. */
const SUM_LINES = 4;

/** Figures of a banned customer: the sum of penalties, ways to lift the ban, and points to pay with. */
export function BanFigures({ card }: { card: CustomerCard }) {
  return (
    <>
      <div className={classes.ban}>
        <PenaltySum lines={card.verdict.lines} outstanding={card.verdict.outstanding} />
        <WaysToLift card={card} />
      </div>
      <PayablePoints card={card} />
    </>
  );
}

function PenaltySum({ lines, outstanding }: { lines: VerdictLine[]; outstanding: number }) {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation('common');
  const now = useNow();
  const hidden = Math.max(0, lines.length - SUM_LINES);
  const earlier = hidden > 0 ? lines[hidden]?.outstanding : undefined;
  const shown = hidden > 0 ? lines.slice(hidden + 1) : lines;
  const what = ({ kind, code, ground }: VerdictLine) =>
    kind === 'penaltyImposed' && code
      ? codeName(common, code)
      : ground
        ? groundName(common, ground)
        : common(`factKind.${kind}`);
  return (
    <section className={classes.half} data-testid="ban-sum">
      <h3>{t('figures.sum', { points: formatNumber(outstanding) })}</h3>
      <ul>
        {earlier !== undefined && (
          <li>
            <span className={classes.date} />
            <span>{t('figures.earlier', { value: hidden + 1 })}</span>
            <strong>{formatNumber(earlier)}</strong>
          </li>
        )}
        {shown.map((line) => (
          <li key={`${line.at} ${line.kind} ${line.outstanding}`}>
            <span className={classes.date}>{formatShortDate(line.at, now)}</span>
            <span className="one-line">{what(line)}</span>
            <strong data-tone={line.points < 0 ? 'ok' : undefined}>{formatSigned(line.points)}</strong>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface WayToLift {
  label: string;
  points: number;
}

function WaysToLift({ card }: { card: CustomerCard }) {
  const { t } = useTranslation('desk');
  const now = useNow();
  const { outstanding, toLift, liftedOn } = card.verdict;
  const lifts: WayToLift[] = [];
  const date = (penalty: OpenPenalty) => formatShortDate(penalty.at, now);
  const educable = card.penalties.find(({ educationPoints }) => educationPoints !== null);
  if (educable?.educationPoints) {
    lifts.push({
      label: t('figures.liftEducation', { date: date(educable) }),
      points: educable.educationPoints,
    });
  }
  const largest = card.penalties.reduce<OpenPenalty | null>(
    (most, one) => (most && most.outstanding >= one.outstanding ? most : one),
    null,
  );
  if (largest) {
    const service = Math.min(toLift ?? 1, largest.outstanding);
    lifts.push({ label: t('figures.liftService', { points: formatNumber(service) }), points: service });
    lifts.push({ label: t('figures.liftAppeal', { date: date(largest) }), points: largest.outstanding });
  }
  return (
    <section className={classes.half} data-testid="ban-lifts">
      <h3>
        {liftedOn === null
          ? t('figures.lifts', { points: formatNumber(toLift ?? 0) })
          : t('figures.liftsOn', { points: formatNumber(toLift ?? 0), day: dottedDate(liftedOn) })}
      </h3>
      <ul>
        {lifts.map(({ label, points }) => (
          <li key={label}>
            <span className="one-line">{label}</span>
            <span className={classes.becomes}>
              {t('figures.becomes', {
                change: formatSigned(-points),
                left: formatNumber(Math.max(0, outstanding - points)),
              })}
            </span>
          </li>
        ))}
      </ul>
      {card.needsUpdate && (
        <p className={classes.caution}>
          <TriangleAlert size={14} aria-hidden />
          {t('verdict.needsUpdate')}
        </p>
      )}
    </section>
  );
}

function PayablePoints({ card }: { card: CustomerCard }) {
  const { t } = useTranslation('desk');
  const { balance, payableHere } = card.points;
  const holders = useHolderLines()(card.points.holders, useNow());
  return (
    <dl className={classes.payable}>
      <div>
        <dt>{t('figures.payable')}</dt>
        <dd className={classes.value} data-testid="balance">
          {formatNumber(payableHere)}
          <span className={classes.unit}>P {t('figures.ofBalance', { points: formatNumber(balance) })}</span>
        </dd>
      </div>
      {holders.length > 0 && (
        <div className={classes.held}>
          <span className={classes.heldBar} aria-hidden>
            <span style={{ width: `${percentOf(payableHere, balance)}%` }} />
          </span>
          <dd className={classes.detail}>
            <HolderLines lines={holders} />
          </dd>
        </div>
      )}
    </dl>
  );
}
