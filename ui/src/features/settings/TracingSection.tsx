import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type SpansSent, type TracingSetting, type TracingView, useBackend } from '../../backend';
import { formatNumber } from '../../shared/format';
import { ErrorNotice } from '../../shared/parts';
import { useSession } from '../../shared/session';
import { useUnsaved } from '../../shared/unsaved';
import { useAttempt } from '../../shared/useAttempt';
import { DoneNotice, SectionHead } from './Section';
import classes from './Settings.module.css';

const KEY = ['tracing'] as const;
/** Interval for polling the numbers of sent spans. */
const POLL_INTERVAL_MS = 5_000;

type Receiver = keyof TracingSetting;
const RECEIVERS: readonly Receiver[] = ['otlp', 'zipkin'];
/** The default address of each receiver. */
const DEFAULT_URLS: Record<Receiver, string> = {
  otlp: 'http://127.0.0.1:4318',
  zipkin: 'http://127.0.0.1:9411',
};

/** The settings for sending trace spans to programs that show the traces of all terminals together. */
export function TracingSection() {
  const { t } = useTranslation('settings');
  const { staff } = useSession();
  const backend = useBackend();
  const { data, error, refetch } = useQuery({
    queryKey: KEY,
    queryFn: () => backend.tracing(),
    refetchInterval: POLL_INTERVAL_MS,
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

interface ReceiverForm {
  isOn: boolean;
  url: string;
}

const formOf = (url: string | null, defaultUrl: string): ReceiverForm => ({
  isOn: url !== null,
  url: url ?? defaultUrl,
});
const urlOf = ({ isOn, url }: ReceiverForm): string | null => (isOn ? url.trim() : null);

function TracingForm({ view }: { view: TracingView }) {
  const { t } = useTranslation('settings');
  const backend = useBackend();
  const client = useQueryClient();
  const [forms, setForms] = useState<Record<Receiver, ReceiverForm>>({
    otlp: formOf(view.setting.otlp, DEFAULT_URLS.otlp),
    zipkin: formOf(view.setting.zipkin, DEFAULT_URLS.zipkin),
  });
  const { isBusy: isSaving, error, attempt, clear } = useAttempt();
  const [isSaved, setIsSaved] = useState(false);
  const setting: TracingSetting = { otlp: urlOf(forms.otlp), zipkin: urlOf(forms.zipkin) };
  const isChanged = RECEIVERS.some((receiver) => setting[receiver] !== view.setting[receiver]);
  const canSave = isChanged && !Object.values(setting).includes('');
  useUnsaved(isChanged);

  const edit = (receiver: Receiver, change: Partial<ReceiverForm>) => {
    setForms((now) => ({ ...now, [receiver]: { ...now[receiver], ...change } }));
    clear();
    setIsSaved(false);
  };
  const save = async () => {
    if (!canSave) return;
    await attempt(async () => {
      client.setQueryData(KEY, await backend.saveTracing(setting));
      setIsSaved(true);
    });
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
              value={forms[receiver].isOn ? 'on' : 'off'}
              onChange={(value) => edit(receiver, { isOn: value === 'on' })}
              data={(['on', 'off'] as const).map((value) => ({
                value,
                label: <span data-testid={`tracing-${receiver}-${value}`}>{t(`tracing.${value}`)}</span>,
              }))}
            />
          </div>
          {forms[receiver].isOn && (
            <TextInput
              aria-label={t('tracing.url', { receiver: t(`tracing.${receiver}`) })}
              autoComplete="off"
              spellCheck={false}
              inputMode="url"
              maxLength={500}
              placeholder={DEFAULT_URLS[receiver]}
              error={error?.code === 'invalid_url' && error.params.field === receiver}
              value={forms[receiver].url}
              data-testid={`tracing-${receiver}-url`}
              onChange={(event) => edit(receiver, { url: event.currentTarget.value })}
            />
          )}
          <SendingState receiver={receiver} sent={view[receiver]} />
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
      <DoneNotice>{isSaved && t('tracing.saved')}</DoneNotice>
    </form>
  );
}

/** How many spans were sent to a receiver, how many were lost, and the last problem. */
function SendingState({ receiver, sent }: { receiver: Receiver; sent: SpansSent | null }) {
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
