import { UnstyledButton } from '@mantine/core';
import {
  Coins,
  Lock,
  LogIn,
  LogOut,
  type LucideIcon,
  ShieldAlert,
  ShieldMinus,
  UserRound,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ActKbd } from '../../../shared/keys/ActKbd';
import { useBindings } from '../../../shared/keys/bindings';
import classes from './customer.module.css';
import type { ActionName, DeskAction } from './useDeskActions';

const icons: Record<ActionName, LucideIcon> = {
  'check-in': LogIn,
  'check-out': LogOut,
  pay: Coins,
  impose: ShieldAlert,
  deduct: ShieldMinus,
  mypage: UserRound,
};

const HAS_LONG_NUMBER = /[\d,]{14,}/;

interface Props {
  actions: DeskAction[];
  /** Does an action, or says why it can't be done. */
  onAct: (name: ActionName) => void;
}

/** The buttons of the actions for the selected customer. Each shows its limit, or why it is disabled. */
export function Actions({ actions, onAct }: Props) {
  const { t } = useTranslation('desk');
  const bindings = useBindings();
  return (
    <div className={classes.actions} role="toolbar" aria-label={t('action.label')}>
      {actions.map(({ name, label, act, detail, enabled, primary, locked }) => {
        const Icon = locked ? Lock : icons[name];
        return (
          <UnstyledButton
            key={name}
            className={classes.action}
            data-testid={`action-${name}`}
            data-primary={(primary && enabled) || undefined}
            aria-disabled={!enabled || undefined}
            aria-keyshortcuts={bindings[act].replace(' ', '+')}
            onClick={() => onAct(name)}
          >
            <Icon size={20} strokeWidth={1.75} aria-hidden />
            <span className={`one-line ${classes.actionName}`}>{label}</span>
            <ActKbd act={act} on={primary && enabled ? 'accent' : undefined} />
            <span className={classes.actionDetail} data-long={HAS_LONG_NUMBER.test(detail) || undefined}>
              {detail}
            </span>
          </UnstyledButton>
        );
      })}
    </div>
  );
}
