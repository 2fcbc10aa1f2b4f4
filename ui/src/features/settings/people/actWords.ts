import { useTranslation } from 'react-i18next';

/** The words of an act of the table of permissions; an act that this version doesn't know keeps its name. */
export function useActWords(): (act: string) => string {
  const { t } = useTranslation('settings');
  return (act) => t(`act.${act}` as 'act.checkIn', { defaultValue: act });
}
