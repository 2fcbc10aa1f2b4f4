import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { CustomerCard, OpenPenalty, VerdictLine } from '../../../backend';
import { useNow } from '../../../shared/clock';
import { formatNumber, formatShortDate, formatSigned } from '../../../shared/format';
import { useHolders } from '../useHolders';
import classes from './figures.module.css';

/** As many lines of the sum as fit beside what lifts it. */
const LINES = 4;

/** For a ban: how it came about, what lifts it, and what can be paid all the same. */
export function BanFigures({ card }: { card: CustomerCard }) {
  return (
    <>
      <div className={classes.ban}>
        <Sum lines={card.verdict.lines} outstanding={card.verdict.outstanding} />
        <Lifts card={card} />
      </div>
      <Payable card={card} />
    </>
  );
}

function Sum({ lines, outstanding }: { lines: VerdictLine[]; outstanding: number }) {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation('common');
  const now = useNow();
  const hidden = Math.max(0, lines.length - LINES);
  const earlier = hidden > 0 ? lines[hidden]?.outstanding : undefined;
  const shown = hidden > 0 ? lines.slice(hidden + 1) : lines;
  const what = ({ kind, code, ground }: VerdictLine) =>
    kind === 'penaltyImposed' && code
      ? common(`penaltyCode.${code}`)
      : ground
        ? common(`ground.${ground}`)
        : common(`recordKind.${kind}`);
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

interface Lift {
  label: string;
  points: number;
}

function Lifts({ card }: { card: CustomerCard }) {
  const { t } = useTranslation('desk');
  const now = useNow();
  const { outstanding, toLift } = card.verdict;
  const lifts: Lift[] = [];
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
      <h3>{t('figures.lifts', { points: formatNumber(toLift ?? 0) })}</h3>
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

function Payable({ card }: { card: CustomerCard }) {
  const { t } = useTranslation('desk');
  const { balance, payableHere } = card.points;
  const holders = useHolders(card.points);
  const share = balance > 0 ? Math.max(0, Math.min(100, (payableHere / balance) * 100)) : 0;
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
            <span style={{ width: `${share}%` }} />
          </span>
          {holders.slice(0, 2).map(({ key, held, heard }) => (
            <dd key={key} className={classes.detail} data-testid="holder">
              {held}
              {heard !== '' && <br />}
              {heard}
            </dd>
          ))}
        </div>
      )}
    </dl>
  );
}
