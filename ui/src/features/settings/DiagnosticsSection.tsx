import { useTranslation } from 'react-i18next';
import { ShowFolder } from '../../shared/parts';
import { Diagnostics } from '../../shared/parts/Diagnostics';
import { SectionHead } from './Section';
import classes from './Settings.module.css';

/** Opens the log files, and writes the file that support asks for. */
export function DiagnosticsSection() {
  const { t } = useTranslation('settings');
  return (
    <>
      <SectionHead title={t('diagnostics.title')}>{t('diagnostics.hint')}</SectionHead>
      <div className={classes.actions}>
        <Diagnostics />
        <ShowFolder folder={{ folder: 'logs' }} size="md" label={t('diagnostics.logs')} />
      </div>
    </>
  );
}
