import { useTranslation } from 'react-i18next';
import type { RuleChangeView } from '../../../backend';
import { formatNumber } from '../../../shared/format';
import { codeName, groundName } from '../../../shared/openWords';

/** The values of a set by their names there, with the text of each and its unit. */
const VALUES = {
  points_per_visit: ['pointsPerVisit', 'points'],
  daily_cap: ['dailyCap', 'points'],
  minimum_stay_minutes: ['minimumStayMinutes', 'minutes'],
  forgotten_after_hours: ['forgottenAfterHours', 'hours'],
  'levels.warn_at': ['warnAt', 'penalty'],
  'lapse.days': ['lapseDays', 'days'],
  'lapse.how': ['lapseHow', null],
  expiry_months: ['expiryMonths', 'months'],
  void_window_minutes: ['voidWindowMinutes', 'minutes'],
  supervisor_void_window_minutes: ['supervisorVoidWindowMinutes', 'minutes'],
  enter_afterwards_days: ['enterAfterwardsDays', 'days'],
  stale_after_hours: ['staleAfterHours', 'hours'],
  price_per_penalty_point: ['pricePerPenaltyPoint', 'points'],
  unknown_areas_allowed: ['unknownAreasAllowed', null],
} as const;
type Value = keyof typeof VALUES;

/** The parts of a code or ground. */
const PARTS: Record<
  string,
  'points' | 'ko' | 'en' | 'takes' | 'once' | 'most' | 'role' | 'retired' | 'code' | 'ground'
> = {
  points: 'points',
  'labels.ko': 'ko',
  'labels.en': 'en',
  takes: 'takes',
  once: 'once',
  most: 'most',
  role: 'role',
  retired: 'retired',
  code: 'code',
  ground: 'ground',
};
const UNITS: Record<string, 'penalty' | 'days'> = {
  points: 'penalty',
  most: 'penalty',
  at: 'penalty',
  days: 'days',
};

/** The name of a value and its two sides; a value that this program doesn't know keeps its name in the set. */
export function useChangeWords(): (change: RuleChangeView) => { name: string; from: string; to: string } {
  const { t } = useTranslation('rules');
  const { t: common } = useTranslation('common');

  const nameOf = (field: string): { name: string; unit: keyof typeof unitTexts | null } => {
    if (field in VALUES) {
      const [text, unit] = VALUES[field as Value];
      return { name: t(`field.${text}`), unit };
    }
    const [list, word = '', ...rest] = field.split('.');
    const part = rest.join('.');
    if (list === 'levels' && word === 'prohibit') {
      const [number = '1', of = 'at'] = rest;
      return {
        name: t(of === 'at' ? 'field.levelAt' : 'field.levelDays', { number }),
        unit: UNITS[of] ?? null,
      };
    }
    const known = PARTS[part];
    if (known && (list === 'codes' || list === 'grounds')) {
      const name = list === 'codes' ? codeName(common, word) : groundName(common, word);
      return { name: `${name} · ${t(`field.${known}`)}`, unit: UNITS[part] ?? null };
    }
    return { name: field, unit: null };
  };
  const unitTexts = { points: 0, penalty: 0, minutes: 0, hours: 0, days: 0, months: 0 } as const;
  const textOf = (
    field: string,
    value: RuleChangeView['before'],
    unit: keyof typeof unitTexts | null,
  ): string => {
    if (value === null) return field.endsWith('.days') && field.startsWith('levels') ? t('noEnd') : t('off');
    if (typeof value === 'number')
      return unit ? `${formatNumber(value)} ${t(`unit.${unit}`)}` : formatNumber(value);
    if (typeof value === 'boolean') return t(value ? 'change.yes' : 'change.no');
    if (field.endsWith('.role')) return common(`role.${value}` as 'role.staff');
    if (field.endsWith('.takes')) return t(`takes.${value}` as 'takes.half', { defaultValue: value });
    if (field === 'lapse.how') return t(`how.${value}` as 'how.fixed', { defaultValue: value });
    return value;
  };
  return ({ field, before, after }) => {
    const { name, unit } = nameOf(field);
    return { name, from: textOf(field, before, unit), to: textOf(field, after, unit) };
  };
}
