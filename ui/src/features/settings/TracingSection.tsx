import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type AppError,
  asAppError,
  type SpansSent,
  type TracingSetting,
  type TracingView,
  useBackend,
} from '../../backend';
import { formatNumber } from '../../shared/format';
import { ErrorNotice } from '../../shared/parts';
import { useSession } from '../../shared/session';
import { Said, SectionHead } from './Section';
import classes from './Settings.module.css';

const KEY = ['tracing'] as const;
/** What was sent changes by itself. */
const REFRESH_MS = 5_000;

type Receiver = keyof TracingSetting;
const RECEIVERS: readonly Receiver[] = ['otlp', 'zipkin'];
/** Where each listens when nobody chose otherwise. */
const USUAL: Record<Receiver, string> = { otlp: 'http://127.0.0.1:4318', zipkin: 'http://127.0.0.1:9411' };

/** Whether spans go to a program that shows the traces of all terminals together. */
export function TracingSection() {
  const { t } = useTranslation('settings');
  const { staff } = useSession();
  const backend = useBackend();
  const { data, error, refetch } = useQuery({
    queryKey: KEY,
    queryFn: () => backend.tracing(),
    refetchInterval: REFRESH_MS,
  });
  const mayNot = staff.role !== 'manager';
  return (
    <>
      <SectionHead title={t('tracing.title')}>{t('tracing.hint')}</SectionHead>
      {mayNot && <p className={classes.quiet}>{t('tracing.managerOnly')}</p>}
      {!mayNot && error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!mayNot && data && <TracingForm view={data} />}
    </>
  );
}

interface Typed {
  isOn: boolean;
  url: string;
}

const typedOf = (url: string | null, usual: string): Typed => ({ isOn: url !== null, url: url ?? usual });
const urlOf = ({ isOn, url }: Typed): string | null => (isOn ? url.trim() : null);

function TracingForm({ view }: { view: TracingView }) {
  const { t } = useTranslation('settings');
  const backend = useBackend();
  const client = useQueryClient();
  const [typed, setTyped] = useState<Record<Receiver, Typed>>({
    otlp: typedOf(view.setting.otlp, USUAL.otlp),
    zipkin: typedOf(view.setting.zipkin, USUAL.zipkin),
  });
  const [error, setError] = useState<AppError | null>(null);
  const [isSaving, setIsSaving] = useState(false);
  const [isSaved, setIsSaved] = useState(false);
  const setting: TracingSetting = { otlp: urlOf(typed.otlp), zipkin: urlOf(typed.zipkin) };
  const isChanged = RECEIVERS.some((receiver) => setting[receiver] !== view.setting[receiver]);
  const canSave = isChanged && !Object.values(setting).includes('');

  const type = (receiver: Receiver, change: Partial<Typed>) => {
    setTyped((now) => ({ ...now, [receiver]: { ...now[receiver], ...change } }));
    setError(null);
    setIsSaved(false);
  };
  const save = async () => {
    if (!canSave || isSaving) return;
    setIsSaving(true);
    setError(null);
    try {
      const saved = await backend.saveTracing(setting);
      client.setQueryData(KEY, saved);
      setIsSaved(true);
    } catch (thrown) {
      setError(asAppError(thrown));
    } finally {
      setIsSaving(false);
    }
  };
  return (
    <form
      className={classes.connection}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {RECEIVERS.map((receiver) => (
        <div key={receiver} className={classes.receiver}>
          <div className={classes.choice}>
            <span>
              {t(`tracing.${receiver}`)}
              <small>{t(`tracing.${receiver}Hint`)}</small>
            </span>
            <SegmentedControl
              aria-label={t(`tracing.${receiver}`)}
              value={typed[receiver].isOn ? 'on' : 'off'}
              onChange={(value) => type(receiver, { isOn: value === 'on' })}
              data={(['on', 'off'] as const).map((value) => ({
                value,
                label: <span data-testid={`tracing-${receiver}-${value}`}>{t(`tracing.${value}`)}</span>,
              }))}
            />
          </div>
          {typed[receiver].isOn && (
            <TextInput
              aria-label={t('tracing.url', { receiver: t(`tracing.${receiver}`) })}
              autoComplete="off"
              spellCheck={false}
              inputMode="url"
              maxLength={500}
              placeholder={USUAL[receiver]}
              error={error?.code === 'invalid_url' && error.params.field === receiver}
              value={typed[receiver].url}
              data-testid={`tracing-${receiver}-url`}
              onChange={(event) => type(receiver, { url: event.currentTarget.value })}
            />
          )}
          <Sent receiver={receiver} sent={view[receiver]} />
        </div>
      ))}
      <div className={classes.actions}>
        <Button
          size="md"
          variant="default"
          type="submit"
          loading={isSaving}
          disabled={!canSave}
          data-testid="tracing-save"
        >
          {t('save')}
        </Button>
      </div>
      {error && <ErrorNotice error={error} />}
      <Said>{isSaved && t('tracing.saved')}</Said>
    </form>
  );
}

/** What became of the spans for one receiver. */
function Sent({ receiver, sent }: { receiver: Receiver; sent: SpansSent | null }) {
  const { t } = useTranslation('settings');
  if (sent === null) return null;
  const counts = t('tracing.sent', { value: formatNumber(sent.sent) });
  const lost = sent.lost > 0 ? ` ${t('tracing.lost', { value: formatNumber(sent.lost) })}` : '';
  return (
    <div data-testid={`tracing-${receiver}-sent`}>
      <p className={classes.quiet}>{counts + lost}</p>
      {sent.problem !== null && (
        <p className={classes.caution}>
          <TriangleAlert size={16} strokeWidth={1.75} aria-hidden />
          <span>
            {t('tracing.problem')} <span data-selectable>{sent.problem}</span>
          </span>
        </p>
      )}
    </div>
  );
}
