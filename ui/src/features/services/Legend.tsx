import { useTranslation } from 'react-i18next';
import classes from './Services.module.css';

const LINES = ['request', 'event', 'blocked'] as const;

/** How a line is read, and the two numbers under it. */
export function Legend() {
  const { t } = useTranslation('services');
  return (
    <ul className={classes.legend}>
      <li className={classes.legendNumbers}>{t('legend.numbers')}</li>
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
