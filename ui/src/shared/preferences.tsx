import { useMantineColorScheme } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Language, Preferences } from '../backend';
import { adoptScanner } from './scan/scannerSettings';

/** Applies the chosen language and theme once they are loaded. */
export function useApplyPreferences(preferences: Preferences | undefined): void {
  const { i18n, t } = useTranslation('common');
  const { setColorScheme } = useMantineColorScheme();
  const language = preferences?.language;
  const theme = preferences?.theme;
  useEffect(() => {
    if (!language) return;
    document.documentElement.lang = language;
    if (i18n.language !== language) void i18n.changeLanguage(language);
  }, [i18n, language]);
  useEffect(() => {
    if (theme) setColorScheme(theme);
  }, [setColorScheme, theme]);
  useEffect(() => {
    // The window's title follows it.
    document.title = t('appName');
  }, [t]);
  const scanner = preferences?.scanner;
  useEffect(() => {
    if (scanner) adoptScanner(scanner);
  }, [scanner]);
}

export function useLanguage(): Language {
  const { i18n } = useTranslation();
  return i18n.language === 'en' ? 'en' : 'ko';
}
