import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerName } from '../backend';
import { formatNumber } from './format';
import { useLanguage } from './preferences';
import { timePhrases } from './time';

/** Short phrases that many screens use, in the user's language. */
export function useWords() {
  const { t } = useTranslation('common');
  const language = useLanguage();
  return useMemo(
    () => ({
      ...timePhrases(t, language),
      /** `10점` */
      penaltyPoints: (points: number) => t('penaltyPoints', { value: formatNumber(points) }),
      /** A customer's name, or a description of a customer without a name. */
      nameOf: ({ name, tag, unknownHere }: CustomerName) =>
        name ?? t(unknownHere ? 'unknownHere' : 'walkInTagged', { tag }),
    }),
    [t, language],
  );
}
