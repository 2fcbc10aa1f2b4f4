import { useTranslation } from 'react-i18next';
import type { ProfileInput } from '../../backend';
import { FIELDS } from '../customer/profile';
import { formatPhone } from '../format';
import type { About } from './steps';

/** Returns a function that tells which details an edit changed, a line each. */
export function useEditWords(): (edit: NonNullable<About['edit']>) => string[] {
  const { t } = useTranslation('common');
  const shown = (profile: ProfileInput, field: (typeof FIELDS)[number]) => {
    const value = profile[field];
    if (!value) return t('undo.none');
    return field === 'phone' ? formatPhone(value) : value;
  };
  return ({ before, after }) =>
    FIELDS.filter((field) => (before[field] ?? '') !== (after[field] ?? '')).map((field) =>
      t('undo.change', {
        field: t(`customerForm.${field}`),
        before: shown(before, field),
        after: shown(after, field),
      }),
    );
}
