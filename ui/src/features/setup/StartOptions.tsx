import { Button, SegmentedControl } from '@mantine/core';
import { ArchiveRestore, FlaskConical, Play, Waypoints } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Language, type Preferences, type Theme, useBackend } from '../../backend';
import { formatNumber } from '../../shared/format';
import { useHotkeys } from '../../shared/hotkeys';
import { asksForPassphrase, ErrorNotice, JobBar, Kbd, PassphraseField, Tag } from '../../shared/parts';
import type { WatchedJob } from '../../shared/useWatchedJob';
import classes from './StartOptions.module.css';

interface StartOptionsProps {
  preferences: Preferences;
  version: string;
  entry: WatchedJob;
  isJoining: boolean;
  onJoin: () => void;
  onPreferences: (preferences: Preferences) => void;
}

/** The figures about the demonstration's data that are shown. */
const FIGURES = ['customers', 'records', 'areas'] as const;
const THEMES: readonly Theme[] = ['light', 'dark', 'auto'];

/**
 * The alternatives to a new facility (the demonstration, joining another terminal, a backup), and language and theme.
 */
export function StartOptions(props: StartOptionsProps) {
  const { preferences, version, entry, isJoining, onJoin, onPreferences } = props;
  const { t } = useTranslation('setup');
  const backend = useBackend();
  const { job, isRunning, isAsking } = entry;
  const isBusy = isRunning || isAsking;
  const demonstrate = () => !isBusy && void entry.begin(() => backend.openDemonstration());
  const [passphrase, setPassphrase] = useState('');
  const restore = () =>
    !isBusy && void entry.begin(() => backend.restore(passphrase === '' ? null : passphrase));
  useHotkeys({ 'Ctrl D': demonstrate });
  const isMakingDemonstration = isRunning && job?.kind === 'demonstration';
  return (
    <aside className={classes.entrances}>
      <div className={classes.choices}>
        <SegmentedControl
          aria-label={t('language')}
          disabled={isBusy}
          value={preferences.language}
          onChange={(language) => onPreferences({ ...preferences, language: language as Language })}
          data={[
            { value: 'ko', label: <span data-testid="setup-language-ko">한국어</span> },
            { value: 'en', label: <span data-testid="setup-language-en">English</span> },
          ]}
        />
        <SegmentedControl
          aria-label={t('theme')}
          disabled={isBusy}
          value={preferences.theme}
          onChange={(theme) => onPreferences({ ...preferences, theme: theme as Theme })}
          data={THEMES.map((value) => ({
            value,
            label: <span data-testid={`setup-theme-${value}`}>{t(value)}</span>,
          }))}
        />
      </div>
      <section className={classes.demonstration}>
        <Tag>
          <FlaskConical size={14} strokeWidth={1.75} aria-hidden />
          {t('demonstration.tag')}
        </Tag>
        <h2>{t('demonstration.title')}</h2>
        <p>{t('demonstration.explain')}</p>
        <dl className={classes.figures}>
          {FIGURES.map((name) => (
            <div key={name}>
              <dd>
                {t(`demonstration.figures.${name}Value`)}
                <span className="unit">{t(`demonstration.figures.${name}Unit`)}</span>
              </dd>
              <dt>{t(`demonstration.figures.${name}`)}</dt>
            </div>
          ))}
        </dl>
        {isMakingDemonstration ? (
          <JobProgress entry={entry} />
        ) : (
          <>
            <Button
              size="md"
              variant="default"
              fullWidth
              disabled={isBusy}
              leftSection={<Play size={16} strokeWidth={1.75} />}
              rightSection={<Kbd>Ctrl D</Kbd>}
              data-testid="setup-demonstration"
              onClick={demonstrate}
            >
              {t('demonstration.open')}
            </Button>
            <p className={classes.hint}>{t('demonstration.hint')}</p>
          </>
        )}
        {job?.kind === 'demonstration' && job.state === 'cancelled' && (
          <p role="status" className={classes.hint}>
            {t('demonstration.cancelled')}
          </p>
        )}
      </section>
      <section className={classes.already}>
        <h2>{t('restore.title')}</h2>
        {!isJoining && (
          <button
            type="button"
            className={classes.restore}
            disabled={isBusy}
            data-testid="setup-join"
            onClick={onJoin}
          >
            <Waypoints size={20} strokeWidth={1.75} aria-hidden />
            <span>
              <b>{t('join.way')}</b>
              <small>{t('join.wayHint')}</small>
            </span>
          </button>
        )}
        <button
          type="button"
          className={classes.restore}
          disabled={isBusy}
          data-testid="setup-restore"
          onClick={restore}
        >
          <ArchiveRestore size={20} strokeWidth={1.75} aria-hidden />
          <span>
            <b>{t('restore.open')}</b>
            <small>{t('restore.hint')}</small>
          </span>
        </button>
        {(asksForPassphrase(entry.error?.code) || passphrase !== '') && (
          <PassphraseField purpose="restore" value={passphrase} onChange={setPassphrase} />
        )}
        {isRunning && job?.kind === 'restore' && <JobProgress entry={entry} />}
      </section>
      {entry.error && entry.error.code !== 'cancelled' && <ErrorNotice error={entry.error} />}
      <p className={classes.version}>{t('version', { version })}</p>
    </aside>
  );
}

/** The progress of the demonstration or a restore, with a button to cancel. */
function JobProgress({ entry }: { entry: WatchedJob }) {
  const { t } = useTranslation('setup');
  const { job } = entry;
  if (!job) return null;
  const title = t(job.kind === 'restore' ? 'restore.running' : 'demonstration.making');
  return (
    <div className={classes.making} data-testid="job" data-state={job.state}>
      <p role="status">{title}</p>
      <JobBar job={job} label={title} />
      <div className={classes.makingLine}>
        <span>
          {job.total
            ? t('demonstration.progress', { done: formatNumber(job.done), total: formatNumber(job.total) })
            : ''}
        </span>
        <Button variant="default" size="xs" data-testid="job-cancel" onClick={entry.cancel}>
          {t('demonstration.cancel')}
        </Button>
      </div>
    </div>
  );
}
