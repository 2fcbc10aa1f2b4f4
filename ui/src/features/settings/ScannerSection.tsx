import { Button, TextInput } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppError, asAppError } from '../../backend';
import { ErrorNotice, HINT_BELOW } from '../../shared/parts';
import { DEFAULT_PACE_MS, DEFAULT_SCANNER, SCAN_KEYS_MIN } from '../../shared/scan/runs';
import { useSessionState } from '../../shared/session';
import { useUnsaved } from '../../shared/unsaved';
import { ScannerTrial } from './ScannerTrial';
import { DoneNotice, SectionHead } from './Section';
import classes from './Settings.module.css';
import type { Measured } from './trial';

/** Slower than this, a scanner types like a calm hand, and no setting tells the two apart. */
const SLOW_MAX_MS = 100;
/** What a scanner's gaps may exceed those of the trial by. */
const MARGIN = 1.5;
const PREFIX = /^[\x21-\x7e]{0,8}$/;

type Speed = 'short' | 'fast' | 'slow' | 'tooSlow';

function speedOf({ text, gapMs }: Measured): Speed {
  if (text.length < SCAN_KEYS_MIN) return 'short';
  if (gapMs <= DEFAULT_PACE_MS) return 'fast';
  return gapMs <= SLOW_MAX_MS ? 'slow' : 'tooSlow';
}

/** This terminal's scanner: how fast it types, and what it sends before each card. */
export function ScannerSection() {
  const { t } = useTranslation('settings');
  const { session, savePreferences } = useSessionState();
  const { preferences, preferencesLost } = session;
  const { scanner } = preferences;
  const [prefix, setPrefix] = useState(scanner.prefix);
  const [measured, setMeasured] = useState<Measured | null>(null);
  const [isSaved, setIsSaved] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const speed = measured && speedOf(measured);
  const isPrefixValid = PREFIX.test(prefix);
  useUnsaved(prefix !== scanner.prefix);
  const isSlow = scanner.paceMs > DEFAULT_PACE_MS;
  const save = async (paceMs: number) => {
    if (!isPrefixValid) return;
    setError(null);
    try {
      await savePreferences({ ...preferences, scanner: { paceMs, prefix } });
      setMeasured(null);
      setIsSaved(true);
    } catch (thrown) {
      setError(asAppError(thrown));
    }
  };
  const change = (change: () => void) => {
    change();
    setIsSaved(false);
  };
  return (
    <>
      <SectionHead title={t('scanner.title')}>{t('scanner.hint')}</SectionHead>
      {preferencesLost.includes('scanner') && (
        <p role="alert" className={classes.caution} data-testid="settings-scanner-lost">
          <TriangleAlert size={16} strokeWidth={1.75} aria-hidden />
          {t('scanner.lost')}
        </p>
      )}
      <p data-testid="settings-scanner-now">
        {t(isSlow ? 'scanner.nowSlow' : 'scanner.nowFast', { ms: scanner.paceMs })}
      </p>
      <ScannerTrial onMeasured={(next) => change(() => setMeasured(next))} />
      {measured && speed && (
        <p role="status" data-testid="settings-scanner-measured" data-speed={speed}>
          {t(`scanner.${speed}`, { text: measured.text, ms: Math.round(measured.gapMs) })}
        </p>
      )}
      <div className={classes.nameLine}>
        <TextInput
          className={classes.nameField ?? ''}
          label={t('scanner.prefix')}
          description={t('scanner.prefixHint')}
          inputWrapperOrder={HINT_BELOW}
          autoComplete="off"
          spellCheck={false}
          value={prefix}
          error={isPrefixValid ? null : t('scanner.prefixWrong')}
          data-testid="settings-scanner-prefix"
          onChange={(event) => {
            const { value } = event.currentTarget;
            change(() => setPrefix(value));
          }}
        />
        {prefix !== scanner.prefix && (
          <Button
            className={classes.nameSave ?? ''}
            size="md"
            disabled={!isPrefixValid}
            data-testid="settings-scanner-prefix-save"
            onClick={() => void save(scanner.paceMs)}
          >
            {t('save')}
          </Button>
        )}
      </div>
      {speed === 'slow' && measured && (
        <>
          {prefix === '' && <p data-testid="settings-scanner-price">{t('scanner.price')}</p>}
          <Button
            size="md"
            disabled={!isPrefixValid}
            data-testid="settings-scanner-fit"
            onClick={() => void save(Math.ceil(measured.gapMs * MARGIN))}
          >
            {t(prefix === '' ? 'scanner.fitAnyway' : 'scanner.fit')}
          </Button>
        </>
      )}
      {isSlow && (
        <Button
          size="md"
          variant="default"
          data-testid="settings-scanner-reset"
          onClick={() => void save(DEFAULT_SCANNER.paceMs)}
        >
          {t('scanner.reset')}
        </Button>
      )}
      {error && <ErrorNotice error={error} />}
      {isSaved && <DoneNotice>{t('saved')}</DoneNotice>}
    </>
  );
}
