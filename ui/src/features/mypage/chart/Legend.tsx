import { useTranslation } from 'react-i18next';
import classes from './HistoryChart.module.css';

export function Legend() {
  const { t } = useTranslation('mypage');
  return (
    <ul className={classes.legend}>
      <li>
        <svg width="16" height="12" aria-hidden="true">
          <line className={classes.balance} x1="0" x2="16" y1="6" y2="6" />
        </svg>
        {t('chart.legend.balance')}
      </li>
      <li>
        <svg width="12" height="12" aria-hidden="true">
          <circle className={classes.payment} cx="6" cy="6" r="4" />
        </svg>
        {t('chart.legend.payment')}
      </li>
      <li>
        <svg width="16" height="12" aria-hidden="true">
          <line className={classes.penalty} x1="0" x2="16" y1="6" y2="6" />
        </svg>
        {t('chart.legend.outstanding')}
      </li>
      <li>
        <svg width="12" height="12" aria-hidden="true">
          <path className={classes.imposed} d="M6 1L11 6L6 11L1 6Z" />
        </svg>
        {t('chart.legend.imposed')}
      </li>
      <li>
        <svg width="12" height="12" aria-hidden="true">
          <path className={classes.deducted} d="M6 1L11 6L6 11L1 6Z" />
        </svg>
        {t('chart.legend.deducted')}
      </li>
    </ul>
  );
}
