import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Connection, useBackend } from '../../backend';
import { ConnectionFields } from '../../shared/connection/ConnectionFields';
import { ConnectionTrialResult } from '../../shared/connection/TrialResult';
import { useConnectionForm } from '../../shared/connection/useConnectionForm';
import { keys } from '../../shared/data/queries';
import { syncKeys, useConnection } from '../../shared/data/sync';
import { useNavigation } from '../../shared/navigation';
import { useUnsaved } from '../../shared/unsaved';
import { useAttempt } from '../../shared/useAttempt';
import { LoadedSetting, SectionHead } from './Section';
import classes from './Settings.module.css';
import { TryAndSaveForm } from './TryAndSaveForm';

/** The settings of the connection to the Kafka cluster. Without a connection, this terminal works alone. */
export function ConnectionSection() {
  const { t } = useTranslation('settings');
  const query = useConnection();
  return (
    <>
      <SectionHead title={t('connection.title')}>{t('connection.hint')}</SectionHead>
      <LoadedSetting query={query}>{(saved) => <Form saved={saved} />}</LoadedSetting>
    </>
  );
}

function Form({ saved }: { saved: Connection }) {
  const { t } = useTranslation('settings');
  const backend = useBackend();
  const client = useQueryClient();
  const { section } = useNavigation();
  const form = useConnectionForm(saved);
  const saving = useAttempt();
  const [message, setMessage] = useState<string | null>(null);
  const { hasServers, isChanged, trial } = form;
  useUnsaved(isChanged);
  const isCutting = !hasServers && saved.servers !== '';

  const save = async () => {
    if (!isChanged) return;
    await saving.attempt(async () => {
      setMessage(null);
      const connection = await backend.saveConnection(form.input);
      client.setQueryData(syncKeys.connection, connection);
      form.reset(connection);
      setMessage(t(connection.servers === '' ? 'connection.savedAlone' : 'connection.saved'));
      void client.invalidateQueries({ queryKey: keys.sync });
    });
  };
  return (
    <TryAndSaveForm
      testId="connection"
      fields={<ConnectionFields form={form} autoFocus={section === 'connection'} />}
      trial={{ isTrying: trial.isTrying, isDisabled: !hasServers }}
      hasActions
      canSave={isChanged}
      saveLabel={t(isCutting ? 'connection.cut' : 'save')}
      saving={saving}
      message={message}
      onTry={form.tryIt}
      onSave={() => void save()}
      onEdit={() => setMessage(null)}
    >
      {isCutting && <p className={classes.caution}>{t('connection.cutHint')}</p>}
      <ConnectionTrialResult form={form} />
    </TryAndSaveForm>
  );
}
