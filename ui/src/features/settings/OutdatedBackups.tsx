import { useTranslation } from 'react-i18next';
import type { OutdatedBackup } from '../../backend';
import { useLanguage } from '../../shared/preferences';
import { formatMoment } from '../../shared/time';
import classes from './Settings.module.css';

/** The backups that still name people who were erased, and when or on what condition each is removed. */
export function OutdatedBackups({ outdated }: { outdated: OutdatedBackup[] }) {
  const { t } = useTranslation('settings');
  const language = useLanguage();
  if (outdated.length === 0) return null;
  return (
    <>
      <h3 className={classes.subhead}>{t('backup.outdated.title')}</h3>
      <p className={classes.quiet}>{t('backup.outdated.hint')}</p>
      <dl className={classes.facts} data-testid="settings-backup-outdated">
        {outdated.map(({ path, madeAt, removeAt, waitsFor }) => (
          <div key={`${path} ${madeAt}`}>
            <dt data-selectable>
              {t('backup.outdated.made', { at: formatMoment(madeAt, language) })}
              <small className={classes.path}>{path}</small>
            </dt>
            <dd className={waitsFor === 'day' ? undefined : classes.warn}>
              {t(`backup.outdated.${waitsFor}`, { at: formatMoment(removeAt, language) })}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
