import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Role } from '../../backend';
import { isComposing } from '../inputMethod';
import { PinField } from './PinField';
import classes from './people.module.css';
import { isPinFor, PIN_MAX, pinMinOf } from './pin';

export interface NewPinState {
  pin: string;
  /** Whether both fields hold the same valid PIN; marks what is wrong otherwise. */
  check(): boolean;
  clear(): void;
  fields: {
    role: Role;
    pin: string;
    again: string;
    problem: 'length' | 'differs' | null;
    setPin(pin: string): void;
    setAgain(again: string): void;
  };
}

/** A new PIN for somebody of a role, typed twice. */
export function useNewPin(role: Role): NewPinState {
  const [pin, setPin] = useState('');
  const [again, setAgain] = useState('');
  const [isChecked, setIsChecked] = useState(false);
  const isLong = isPinFor(role, pin);
  const problem = !isChecked ? null : !isLong ? 'length' : pin !== again ? 'differs' : null;
  const change = (set: (text: string) => void) => (text: string) => {
    setIsChecked(false);
    set(text);
  };
  return {
    pin,
    check: () => {
      setIsChecked(true);
      return isLong && pin === again;
    },
    clear: () => {
      setPin('');
      setAgain('');
      setIsChecked(false);
    },
    fields: { role, pin, again, problem, setPin: change(setPin), setAgain: change(setAgain) },
  };
}

interface Props extends Pick<NewPinState, 'fields'> {
  testid: string;
  autoFocus?: boolean;
  inputRef?: React.Ref<HTMLInputElement>;
}

/** The two fields of a new PIN. Enter in the first goes to the second. */
export function NewPinFields({ fields, testid, autoFocus, inputRef }: Props) {
  const { t } = useTranslation('people');
  const second = useRef<HTMLInputElement>(null);
  const { role, pin, again, problem, setPin, setAgain } = fields;
  const limits = { min: pinMinOf(role), max: PIN_MAX };
  return (
    <div className={classes.pins}>
      <PinField
        label={t('pin.new')}
        hint={t('pin.hint', limits)}
        value={pin}
        error={problem === 'length' ? t('pin.length', limits) : null}
        testid={testid}
        autoFocus={autoFocus ?? false}
        {...(inputRef && { inputRef })}
        onChange={setPin}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.ctrlKey || isComposing(event)) return;
          event.preventDefault();
          second.current?.focus();
        }}
      />
      <PinField
        inputRef={second}
        label={t('pin.again')}
        value={again}
        error={problem === 'differs' ? t('pin.differs') : null}
        testid={`${testid}-again`}
        onChange={setAgain}
      />
    </div>
  );
}
