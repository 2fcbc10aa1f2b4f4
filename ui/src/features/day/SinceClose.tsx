import { useTranslation } from 'react-i18next';
import type { SinceClose as Since } from '../../backend';
import { unitOf, useLineName } from '../../shared/figures';
import { formatNumber, formatSigned } from '../../shared/format';
import { FactLine } from '../../shared/parts';
import classes from './Day.module.css';

/** What came for a day after it was closed: the figures that changed, and the facts. */
export function SinceClose({ since }: { since: Since }) {
  const { t } = useTranslation('day');
  const { t: common } = useTranslation('common');
  const lineName = useLineName();
  const { lines, facts, more } = since;
  if (lines.length === 0 && facts.length === 0) return <p className={classes.quiet}>{t('nothingSince')}</p>;
  return (
    <section className={classes.since} data-testid="day-since">
      <h2>{t('since', { value: formatNumber(facts.length), more: more ? '+' : '' })}</h2>
      <ul className={classes.changes}>
        {lines.map((line) => {
          const { count, points } = line.facility ?? line.here;
          const unit = unitOf(line.item);
          const sum =
            unit && points !== 0
              ? common(unit === 'P' ? 'points' : 'penaltyPoints', { value: formatSigned(points) })
              : null;
          return (
            <li key={`${line.item} ${line.code} ${line.ground}`} data-testid={`since-${line.item}`}>
              {lineName(line)}{' '}
              <b>{[t('times', { value: formatSigned(count) }), sum].filter(Boolean).join(' · ')}</b>
            </li>
          );
        })}
      </ul>
      <ol className={classes.facts}>
        {facts.map((fact) => (
          <FactLine key={fact.entry.eventId} fact={fact} named />
        ))}
      </ol>
    </section>
  );
}
