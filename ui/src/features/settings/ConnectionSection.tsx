import { Button, Skeleton } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppError, asAppError, type Connection, useBackend } from '../../backend';
import { isComposing } from '../../shared/composition';
import { ConnectionFields } from '../../shared/connection/ConnectionFields';
import { Trial } from '../../shared/connection/Trial';
import { useConnectionForm } from '../../shared/connection/useConnectionForm';
import { keys } from '../../shared/data/queries';
import { syncKeys, useConnection } from '../../shared/data/sync';
import { useNavigation } from '../../shared/navigation';
import { Delayed, ErrorNotice, Kbd } from '../../shared/parts';
import { Said, SectionHead } from './Section';
import classes from './Settings.module.css';

/** The way to the other terminals; without it this one is complete by itself. */
export function ConnectionSection() {
  const { t } = useTranslation('settings');
  const { data, error, refetch } = useConnection();
  return (
    <>
      <SectionHead title={t('connection.title')}>{t('connection.hint')}</SectionHead>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && (
        <Delayed>
          <Skeleton height={64} />
        </Delayed>
      )}
      {data && <Form kept={data} />}
    </>
  );
}

function Form({ kept }: { kept: Connection }) {
  const { t } = useTranslation('settings');
  const { t: words } = useTranslation('connection');
  const backend = useBackend();
  const client = useQueryClient();
  const { section } = useNavigation();
  const form = useConnectionForm(kept);
  const [isSaving, setIsSaving] = useState(false);
  const [refusal, setRefusal] = useState<AppError | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const { hasServers, isChanged, isTrying } = form;
  const isCutting = !hasServers && kept.servers !== '';

  const save = async () => {
    if (isSaving || !isChanged) return;
    setIsSaving(true);
    setRefusal(null);
    setSaid(null);
    try {
      const saved = await backend.saveConnection(form.input);
      client.setQueryData(syncKeys.connection, saved);
      form.adopt(saved);
      setSaid(t(saved.servers === '' ? 'connection.savedAlone' : 'connection.saved'));
      void client.invalidateQueries({ queryKey: keys.sync });
    } catch (thrown) {
      setRefusal(asAppError(thrown));
    } finally {
      setIsSaving(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || isComposing(event) || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) void save();
    else void form.tryIt();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears the Enter of its fields, nothing else.
    <div className={classes.connection} onKeyDown={onKeyDown} onInput={() => setSaid(null)}>
      <ConnectionFields form={form} autoFocus={section === 'connection'} />
      <div className={classes.actions}>
        <Button
          size="md"
          variant="default"
          loading={isTrying}
          disabled={!hasServers}
          rightSection={<Kbd>Enter</Kbd>}
          data-testid="connection-try"
          onClick={() => void form.tryIt()}
        >
          {words('try')}
        </Button>
        <Button
          size="md"
          loading={isSaving}
          disabled={!isChanged}
          rightSection={<Kbd {...(isChanged ? { on: 'accent' as const } : {})}>Ctrl Enter</Kbd>}
          data-testid="connection-save"
          onClick={() => void save()}
        >
          {t(isCutting ? 'connection.cut' : 'save')}
        </Button>
      </div>
      {isCutting && <p className={classes.caution}>{t('connection.cutHint')}</p>}
      <Trial form={form} />
      {refusal && <ErrorNotice error={refusal} />}
      <Said>{said}</Said>
    </div>
  );
}
