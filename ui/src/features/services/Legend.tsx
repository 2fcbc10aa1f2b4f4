import { useTranslation } from 'react-i18next';
import { useWords } from '../../shared/words';
import classes from './Services.module.css';

const LINES = ['request', 'event', 'blocked'] as const;

/**
 * Explains the lines and numbers of the graph. `since` is the start of the measurements if they cover less than the
 * chosen period.
 */
export function Legend({ since, asOf }: { since: number | null; asOf: number }) {
  const { t } = useTranslation('services');
  const { clockOrDay } = useWords();
  return (
    <ul className={classes.legend}>
      <li className={classes.legendNumbers} data-testid="services-legend">
        {t('legend.numbers')}
        {since !== null && ` · ${t('legend.since', { time: clockOrDay(since, asOf) })}`}
      </li>
      {LINES.map((line) => (
        <li key={line} data-line={line}>
          <svg width="24" height="2" aria-hidden="true">
            <path d="M0 1H24" />
          </svg>
          {t(`legend.${line}`)}
        </li>
      ))}
    </ul>
  );
}
