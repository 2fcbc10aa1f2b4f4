import { useTranslation } from 'react-i18next';
import type { LastBackup } from '../../backend';
import { useLanguage } from '../../shared/preferences';
import { formatMoment } from '../../shared/time';
import classes from './Settings.module.css';

/** When and where a backup was made, and what is less safe on that disk than on this one. */
export function BackupPlace({ backup: { at, path, notPrivate, notSynced } }: { backup: LastBackup }) {
  const { t } = useTranslation('settings');
  const language = useLanguage();
  return (
    <>
      {formatMoment(at, language)}
      <small className={classes.path}>{path}</small>
      {notPrivate && <small className={classes.remark}>{t('backup.notPrivate')}</small>}
      {notSynced && <small className={classes.remark}>{t('backup.notSynced')}</small>}
    </>
  );
}
