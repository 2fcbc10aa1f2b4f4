import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError, HolderView, Language } from '../backend';
import { formatNumber } from './format';
import { type HolderLine, useHolderLines } from './holders';
import { useLanguage } from './preferences';
import { useWords } from './words';

const MOMENTS = new Set(['since', 'from', 'until', 'asOf', 'lastHeardAt']);

/** Formats an error's parameters for its text: groups the digits of numbers and formats times. */
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
  /** A short name of the error. */
  title: string;
  /** A text that says if anything was recorded, and what to do. */
  advice: string;
  /** Where the points are that the command needed, if that is the reason. */
  holders: HolderLine[];
}

/** Returns a function that gives the texts of an error in the user's language. */
export function useErrorWords(): (error: AppError) => ErrorWords {
  const { t } = useTranslation('errors');
  const { t: common } = useTranslation('common');
  const { clockOrDay } = useWords();
  const holderLines = useHolderLines();
  const language: Language = useLanguage();
  return useCallback(
    (error) => {
      const momentOf = (at: number) => clockOrDay(at, Date.now());
      const params = shownParams(error.params, momentOf);
      const field = error.params.field;
      if (typeof field === 'string') {
        params.field = t(`fields.${field}` as 'fields.name', { defaultValue: field, lng: language });
      }
      // The reason is passed as i18next's `context`, so that a text can depend on it.
      if (typeof error.params.reason === 'string') params.context = error.params.reason;
      if ('terminalName' in params) params.terminalName ??= common('otherTerminal');
      const given = error.params.holders;
      const holders = Array.isArray(given) ? holderLines(given as HolderView[], Date.now()) : [];
      if (holders.length > 0 && holders.every(({ isReclaimable }) => isReclaimable))
        params.context = 'reclaim';
      return {
        title: t(`${error.code}.title`, params),
        advice: t(`${error.code}.advice`, params),
        holders,
      };
    },
    [t, common, language, clockOrDay, holderLines],
  );
}
