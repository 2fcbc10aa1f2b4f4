import { useTranslation } from 'react-i18next';
import type { DayReport } from '../../backend';
import { formatNumber } from '../../shared/format';
import { useLanguage } from '../../shared/preferences';
import { formatMoment } from '../../shared/time';
import classes from './Day.module.css';

/** What was open at the moment of the figures, and up to when the other terminals are known here. */
export function DayNow({ report, isClosed }: { report: DayReport; isClosed: boolean }) {
  const { t } = useTranslation('day');
  const { t: common } = useTranslation('common');
  const language = useLanguage();
  const { asOf, inside, openCases, pending, others } = report;
  return (
    <section className={classes.now} aria-label={t('open')}>
      <p className={classes.quiet}>{t('facilityNote')}</p>
      <h2>{t(isClosed ? 'openAtClose' : 'openNow', { time: formatMoment(asOf, language) })}</h2>
      <ul data-testid="day-open">
        <li>{t('inside', { value: formatNumber(inside) })}</li>
        <li>{t('openCases', { value: formatNumber(openCases) })}</li>
        <li>{t('pending', { value: formatNumber(pending) })}</li>
      </ul>
      {others.length > 0 && (
        <>
          <h2>{t('others')}</h2>
          <ul data-testid="day-others">
            {others.map(({ terminalId, name, heardAt }) => (
              <li key={terminalId}>
                {name ?? common('otherTerminal')}{' '}
                {heardAt === null ? t('neverHeard') : t('heardAt', { time: formatMoment(heardAt, language) })}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
