import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppError, asAppError, type MypageEngine, useBackend } from '../../backend';
import { isComposing } from '../../shared/composition';
import connectionClasses from '../../shared/connection/connection.module.css';
import { TrialResult } from '../../shared/connection/Trial';
import { mypageEngineKey, useMypageEngine } from '../../shared/data/mypageEngine';
import { Delayed, ErrorNotice, Kbd } from '../../shared/parts';
import { MypageServerFields } from './MypageServerFields';
import { Said, SectionHead } from './Section';
import classes from './Settings.module.css';
import { type MypageEngineForm, useMypageEngineForm } from './useMypageEngineForm';

const ENGINES = ['sqlite', 'postgres'] as const;

/** Where the customer center keeps what Mypage shows. */
export function MypageSection() {
  const { t } = useTranslation('settings');
  const { data, error, refetch } = useMypageEngine();
  return (
    <>
      <SectionHead title={t('mypage.title')}>{t('mypage.hint')}</SectionHead>
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

function Form({ kept }: { kept: MypageEngine }) {
  const { t } = useTranslation('settings');
  const backend = useBackend();
  const client = useQueryClient();
  const form = useMypageEngineForm(kept);
  const [isSaving, setIsSaving] = useState(false);
  const [refusal, setRefusal] = useState<AppError | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const { engine, isChanged, isWhole } = form;
  const canSave = isChanged && isWhole;

  const save = async () => {
    if (isSaving || !canSave) return;
    setIsSaving(true);
    setRefusal(null);
    setSaid(null);
    try {
      const saved = await backend.saveMypageEngine(form.input);
      client.setQueryData(mypageEngineKey, saved);
      form.adopt(saved);
      setSaid(t(saved.engine === 'sqlite' ? 'mypage.savedHere' : 'mypage.saved'));
    } catch (thrown) {
      setRefusal(asAppError(thrown));
    } finally {
      setIsSaving(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || isComposing(event) || !(event.target instanceof HTMLInputElement)) return;
    if (event.target.type === 'radio') return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) void save();
    else void form.tryIt();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears the Enter of its fields, nothing else.
    <div className={classes.connection} onKeyDown={onKeyDown} onInput={() => setSaid(null)}>
      <div className={connectionClasses.transport}>
        <span className={connectionClasses.label} id="mypage-where">
          {t('mypage.where')}
        </span>
        <SegmentedControl
          aria-labelledby="mypage-where"
          value={engine}
          onChange={(to) => form.choose(to as MypageEngine['engine'])}
          data={ENGINES.map((value) => ({
            value,
            label: <span data-testid={`mypage-${value}`}>{t(`mypage.${value}`)}</span>,
          }))}
        />
        <small>{t(`mypage.${engine}Hint`)}</small>
      </div>
      {engine === 'postgres' && <MypageServerFields form={form} />}
      {canSave && <p className={classes.quiet}>{t('mypage.effect')}</p>}
      {(engine === 'postgres' || isChanged) && (
        <Actions form={form} isSaving={isSaving} canSave={canSave} onSave={() => void save()} />
      )}
      <Found form={form} />
      {refusal && <ErrorNotice error={refusal} />}
      <Said>{said}</Said>
    </div>
  );
}

interface ActionsProps {
  form: MypageEngineForm;
  isSaving: boolean;
  canSave: boolean;
  onSave: () => void;
}

function Actions({ form, isSaving, canSave, onSave }: ActionsProps) {
  const { t } = useTranslation('settings');
  const { t: words } = useTranslation('connection');
  const { engine, isTrying, isWhole, tryIt } = form;
  return (
    <div className={classes.actions}>
      {engine === 'postgres' && (
        <Button
          size="md"
          variant="default"
          loading={isTrying}
          disabled={!isWhole}
          rightSection={<Kbd>Enter</Kbd>}
          data-testid="mypage-try"
          onClick={() => void tryIt()}
        >
          {words('try')}
        </Button>
      )}
      <Button
        size="md"
        loading={isSaving}
        disabled={!canSave}
        rightSection={<Kbd {...(canSave ? { on: 'accent' as const } : {})}>Ctrl Enter</Kbd>}
        data-testid="mypage-save"
        onClick={onSave}
      >
        {t('save')}
      </Button>
    </div>
  );
}

function Found({ form: { trial, error, isTrying } }: { form: MypageEngineForm }) {
  const { t } = useTranslation('settings');
  const seconds = ((trial?.tookMs ?? 0) / 1_000).toFixed(1);
  const good = trial?.version ? t('mypage.good', { seconds, version: trial.version }) : null;
  return <TrialResult isTrying={isTrying} failure={error ?? trial?.error ?? null} good={good} />;
}
