import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError, HolderView, Language } from '../backend';
import { formatNumber } from './format';
import { useLanguage } from './preferences';
import { useWords } from './words';

const MOMENTS = new Set(['since', 'asOf', 'lastHeardAt']);

/** Parameters as they read in a sentence: numbers grouped, moments as clock times. */
function shownParams(
  params: Record<string, unknown>,
  momentOf: (at: number) => string,
): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(params)) {
    if (typeof value === 'number') {
      shown[name] = MOMENTS.has(name) ? momentOf(value) : formatNumber(value);
    } else {
      shown[name] = value;
    }
  }
  return shown;
}

export interface ErrorWords {
  /** What happened. */
  title: string;
  /** What was (not) recorded and what to do. */
  advice: string;
}

/** Words an error of the program in the user's language. */
export function useErrorWords(): (error: AppError) => ErrorWords {
  const { t } = useTranslation('errors');
  const { t: common } = useTranslation('common');
  const { clockOrDay } = useWords();
  const language: Language = useLanguage();
  return useCallback(
    (error) => {
      const momentOf = (at: number) => clockOrDay(at, Date.now());
      const params = shownParams(error.params, momentOf);
      const field = error.params.field;
      if (typeof field === 'string') {
        params.field = t(`fields.${field}` as 'fields.name', { defaultValue: field, lng: language });
      }
      // Words may differ by why it was refused, as i18next's context.
      if (typeof error.params.reason === 'string') params.context = error.params.reason;
      if ('terminalName' in params) params.terminalName ??= common('otherTerminal');
      const holders = error.params.holders;
      if (Array.isArray(holders)) {
        params.holders = (holders as HolderView[])
          .map(({ terminalName, points, lastHeardAt }) => {
            const named = {
              terminal: terminalName ?? common('otherTerminal'),
              points: formatNumber(points),
            };
            return lastHeardAt === null
              ? t('holder', named)
              : t('holderHeard', { ...named, time: momentOf(lastHeardAt) });
          })
          .join(' ');
      }
      return { title: t(`${error.code}.title`, params), advice: t(`${error.code}.advice`, params) };
    },
    [t, common, language, clockOrDay],
  );
}
