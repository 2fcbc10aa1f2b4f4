import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type UpdatesView, useBackend } from '../../backend';
import { formatBytes } from '../../shared/format';
import { ErrorNotice } from '../../shared/parts';
import { useLanguage } from '../../shared/preferences';
import { formatMoment } from '../../shared/time';
import { useAttempt } from '../../shared/useAttempt';
import { DoneNotice } from './Section';
import classes from './Settings.module.css';
import { UPDATES_KEY } from './updatesKey';

/** What the last look has found: a version that can be installed, nothing newer, or a problem. */
export function FoundUpdate({ view }: { view: UpdatesView }) {
  const { t } = useTranslation('settings');
  const language = useLanguage();
  const backend = useBackend();
  const client = useQueryClient();
  const installing = useAttempt();
  const { ready, installed, problem, lookedAt, version } = view;
  const install = () =>
    installing.attempt(async () => {
      try {
        client.setQueryData(UPDATES_KEY, await backend.installUpdate());
      } catch (thrown) {
        // A package that isn't trusted any more is gone.
        await client.invalidateQueries({ queryKey: UPDATES_KEY });
        throw thrown;
      }
    });
  return (
    <>
      <p className={classes.quiet} data-testid="updates-version">
        {t('updates.running', { version })}
        {lookedAt !== null && ` ${t('updates.lookedAt', { at: formatMoment(lookedAt, language) })}`}
        {lookedAt !== null && ready === null && installed === null && ` ${t('updates.newest')}`}
      </p>
      {problem && <ErrorNotice error={problem} />}
      {ready && (
        <div className={classes.form} data-testid="updates-ready">
          <p>
            <strong>{t('updates.ready', { version: ready.version })}</strong>{' '}
            {t('updates.size', { size: formatBytes(ready.sizeBytes) })}
          </p>
          {ready.notes !== '' && <p className={classes.notes}>{ready.notes}</p>}
          <p className={classes.quiet}>{t('updates.installHint')}</p>
          <div className={classes.actions}>
            <Button
              size="md"
              loading={installing.isBusy}
              data-testid="updates-install"
              onClick={() => void install()}
            >
              {t('updates.install', { version: ready.version })}
            </Button>
          </div>
        </div>
      )}
      {installing.error && <ErrorNotice error={installing.error} />}
      <DoneNotice>{installed !== null && t('updates.installed', { version: installed })}</DoneNotice>
    </>
  );
}
