import { Ban, CircleCheck, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Standing } from '../../backend';
import classes from './parts.module.css';

export type Tone = 'ok' | 'warn' | 'bad' | 'accent' | 'plain';

export function Tag({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className={classes.tag} data-tone={tone}>
      {children}
    </span>
  );
}

const icons = { ALLOWED: CircleCheck, WARNED: TriangleAlert, PROHIBITED: Ban };
const tones = { ALLOWED: 'ok', WARNED: 'warn', PROHIBITED: 'bad' } as const;

/** The icon of a standing, hidden from screen readers because a text always accompanies it. */
export function StandingIcon({ standing, size = 20 }: { standing: Standing; size?: number }) {
  const Icon = icons[standing];
  return (
    <Icon className={classes.icon} data-standing={standing} size={size} strokeWidth={1.75} aria-hidden />
  );
}

export function StandingTag({ standing }: { standing: Standing }) {
  const { t } = useTranslation('common');
  return (
    <Tag tone={tones[standing]}>
      <StandingIcon standing={standing} size={16} />
      {t(`standing.${standing}`)}
    </Tag>
  );
}
