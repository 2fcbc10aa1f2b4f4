import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type AppError,
  asAppError,
  type Language,
  type Preferences,
  type Theme,
  type Zoom,
} from '../../backend';
import { ErrorNotice } from '../../shared/parts';
import { useSessionState } from '../../shared/session';
import { ZOOM_STEPS } from '../../shared/zoom';
import { SectionHead } from './Section';
import classes from './Settings.module.css';

const THEMES: readonly Theme[] = ['light', 'dark', 'auto'];

/** This terminal's language, theme and sound; each change is saved at once. */
export function DisplaySection() {
  const { t } = useTranslation('settings');
  const { session, savePreferences } = useSessionState();
  const { preferences } = session;
  const [error, setError] = useState<AppError | null>(null);
  const prefer = (change: Partial<Preferences>) => {
    setError(null);
    savePreferences({ ...preferences, ...change }).catch((thrown: unknown) => setError(asAppError(thrown)));
  };
  return (
    <>
      <SectionHead title={t('display.title')}>{t('display.hint')}</SectionHead>
      <div className={classes.choice}>
        <span>{t('display.language')}</span>
        <SegmentedControl
          aria-label={t('display.language')}
          value={preferences.language}
          onChange={(language) => prefer({ language: language as Language })}
          data={[
            { value: 'ko', label: <span data-testid="settings-language-ko">한국어</span> },
            { value: 'en', label: <span data-testid="settings-language-en">English</span> },
          ]}
        />
      </div>
      <div className={classes.choice}>
        <span>{t('display.theme')}</span>
        <SegmentedControl
          aria-label={t('display.theme')}
          value={preferences.theme}
          onChange={(theme) => prefer({ theme: theme as Theme })}
          data={THEMES.map((value) => ({
            value,
            label: <span data-testid={`settings-theme-${value}`}>{t(`display.${value}`)}</span>,
          }))}
        />
      </div>
      <div className={classes.choice}>
        <span>
          {t('display.zoom')}
          <small>{t('display.zoomHint')}</small>
        </span>
        <SegmentedControl
          aria-label={t('display.zoom')}
          value={String(preferences.zoom)}
          onChange={(value) => prefer({ zoom: Number(value) as Zoom })}
          data={ZOOM_STEPS.map((value) => ({
            value: String(value),
            label: <span data-testid={`settings-zoom-${value}`}>{value}%</span>,
          }))}
        />
      </div>
      <div className={classes.choice}>
        <span>
          {t('display.sound')}
          <small>{t('display.soundHint')}</small>
        </span>
        <SegmentedControl
          aria-label={t('display.sound')}
          value={preferences.sound ? 'on' : 'off'}
          onChange={(value) => prefer({ sound: value === 'on' })}
          data={(['on', 'off'] as const).map((value) => ({
            value,
            label: <span data-testid={`settings-sound-${value}`}>{t(`display.${value}`)}</span>,
          }))}
        />
      </div>
      {error && <ErrorNotice error={error} />}
    </>
  );
}
