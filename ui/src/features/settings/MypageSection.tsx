import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type MypageEngine, useBackend } from '../../backend';
import { LabelledChoice } from '../../shared/connection/inputs';
import { TrialResult } from '../../shared/connection/TrialResult';
import { mypageEngineKey, useMypageEngine } from '../../shared/data/mypageEngine';
import { useUnsaved } from '../../shared/unsaved';
import { useAttempt } from '../../shared/useAttempt';
import { MypageServerFields } from './MypageServerFields';
import { LoadedSetting, SectionHead } from './Section';
import classes from './Settings.module.css';
import { TryAndSaveForm } from './TryAndSaveForm';
import { useMypageEngineForm } from './useMypageEngineForm';

const ENGINES = ['sqlite', 'postgres'] as const;

/** The setting for Mypage's database: a file on this computer, or a PostgreSQL server. */
export function MypageSection() {
  const { t } = useTranslation('settings');
  const query = useMypageEngine();
  return (
    <>
      <SectionHead title={t('mypage.title')}>{t('mypage.hint')}</SectionHead>
      <LoadedSetting query={query}>{(saved) => <Form saved={saved} />}</LoadedSetting>
    </>
  );
}

function Form({ saved }: { saved: MypageEngine }) {
  const { t } = useTranslation('settings');
  const backend = useBackend();
  const client = useQueryClient();
  const form = useMypageEngineForm(saved);
  const saving = useAttempt();
  const [message, setMessage] = useState<string | null>(null);
  const { engine, isChanged, isComplete, trial } = form;
  useUnsaved(isChanged);
  const canSave = isChanged && isComplete;

  const save = async () => {
    if (!canSave) return;
    await saving.attempt(async () => {
      setMessage(null);
      const setting = await backend.saveMypageEngine(form.input);
      client.setQueryData(mypageEngineKey, setting);
      form.reset(setting);
      setMessage(t(setting.engine === 'sqlite' ? 'mypage.savedHere' : 'mypage.saved'));
    });
  };
  const fields = (
    <>
      <LabelledChoice
        label={t('mypage.where')}
        value={engine}
        choices={ENGINES}
        nameOf={(choice) => t(`mypage.${choice}`)}
        hint={t(`mypage.${engine}Hint`)}
        testId="mypage"
        onChange={form.choose}
      />
      {engine === 'postgres' && <MypageServerFields form={form} />}
      {canSave && <p className={classes.quiet}>{t('mypage.effect')}</p>}
    </>
  );
  return (
    <TryAndSaveForm
      testId="mypage"
      fields={fields}
      trial={engine === 'postgres' ? { isTrying: trial.isTrying, isDisabled: !isComplete } : null}
      hasActions={engine === 'postgres' || isChanged}
      canSave={canSave}
      saveLabel={t('save')}
      saving={saving}
      message={message}
      onTry={form.tryIt}
      onSave={() => void save()}
      onEdit={() => setMessage(null)}
    >
      <TrialResult
        trial={trial}
        describe={({ version }, seconds) => t('mypage.good', { seconds, version: version ?? '' })}
      />
    </TryAndSaveForm>
  );
}
