import { useTranslation } from 'react-i18next';
import type { LineKind, Verdict } from '../../backend';
import { formatNumber } from '../format';
import { codeName, groundName } from '../openWords';
import { useAreaName } from '../session';
import { dottedDate, useNow } from '../time';
import { useWords } from '../words';
import { FactTable } from './FactTable';
import { endedBan, levelWords, liftWords, pointsToBan } from './verdictWords';
import classes from './why.module.css';

/** Explains a verdict: the facts behind it, their sum, the levels, and what would lift a ban. */
export function VerdictReasons({ verdict }: { verdict: Verdict }) {
  const { t } = useTranslation('common');
  const { clockOrDay } = useWords();
  const areaName = useAreaName();
  const now = useNow();
  const { standing, outstanding, warnAt, prohibitAt } = verdict;
  const ended = endedBan(verdict);
  const lines = verdict.lines.map((line) => ({
    ...line,
    details: [
      line.code && codeName(t, line.code),
      line.ground && groundName(t, line.ground),
      line.areaId && areaName(line.areaId),
    ]
      .filter(Boolean)
      .join(' · '),
    who: [line.terminalName, line.by].filter(Boolean).join(' '),
    change: line.points,
    sum: line.outstanding,
    tone: line.points < 0 ? ('ok' as const) : ('bad' as const),
  }));
  return (
    <>
      <p className={classes.because} data-testid="why-because">
        {ended?.lastDay
          ? t('why.because.ended', {
              outstanding: formatNumber(outstanding),
              at: ended.at,
              day: dottedDate(ended.lastDay),
            })
          : t(`why.because.${standing}`, { outstanding: formatNumber(outstanding), warnAt, prohibitAt })}
      </p>
      <div className={classes.columns}>
        <section>
          <div className={classes.head}>
            <h3>{t('why.facts', { value: formatNumber(lines.length) })}</h3>
            <span>{t('why.onlyPenalties')}</span>
          </div>
          {lines.length === 0 ? <p className={classes.none}>{t('why.none')}</p> : <FactTable lines={lines} />}
        </section>
        <Receipt verdict={verdict} />
      </div>
      <p className={classes.asOf}>{t('why.asOf', { time: clockOrDay(verdict.asOf, now) })}</p>
    </>
  );
}

function Receipt({ verdict }: { verdict: Verdict }) {
  const { t } = useTranslation('common');
  const { penaltyPoints } = useWords();
  const { lines, outstanding, standing, warnAt, levels, generation } = verdict;
  const sumOf = (kind: LineKind) =>
    lines.filter((line) => line.kind === kind).reduce((sum, { points }) => sum + points, 0);
  const parts = [
    ['imposed', sumOf('penaltyImposed')],
    ['deducted', sumOf('penaltyDeducted')],
    ['deductionVoided', sumOf('penaltyDeductionVoided')],
    ['voided', sumOf('penaltyVoided')],
    ['lapsed', sumOf('lapsed')],
  ] as const;
  const toWarn = formatNumber(warnAt - outstanding);
  const toBan = formatNumber(pointsToBan(verdict));
  return (
    <section className={classes.receipt}>
      <h3>{t('why.arithmetic')}</h3>
      <dl>
        {parts
          .filter(([part, sum]) => sum !== 0 || part === 'imposed')
          .map(([part, sum]) => (
            <div key={part}>
              <dt>{t(`why.${part}`)}</dt>
              <dd>{penaltyPoints(sum)}</dd>
            </div>
          ))}
        <div data-total>
          <dt>{t('why.outstanding')}</dt>
          <dd>{penaltyPoints(outstanding)}</dd>
        </div>
        <div>
          <dt>{t('why.warnAt')}</dt>
          <dd>{penaltyPoints(warnAt)}</dd>
        </div>
        {levels.map((level) => (
          <div
            key={level.at}
            data-testid="why-level"
            data-holds={(level.reached && !level.over) || undefined}
          >
            <dt>
              {t('why.prohibitAt')}
              <small>{levelWords(t, level)}</small>
            </dt>
            <dd>{penaltyPoints(level.at)}</dd>
          </div>
        ))}
        <div>
          <dt>{t('why.ruleSet')}</dt>
          <dd>{t('why.generation', { generation })}</dd>
        </div>
      </dl>
      <p className={classes.lift} data-standing={standing} data-testid="why-lift">
        {standing === 'PROHIBITED'
          ? liftWords(t, verdict)
          : endedBan(verdict)
            ? t('why.nextBans')
            : standing === 'WARNED'
              ? t('why.warnedLeft', { toBan })
              : t('why.nothingToLift', { toWarn, toBan })}
      </p>
    </section>
  );
}
