import { PasswordInput } from '@mantine/core';
import type { KeyboardEventHandler, Ref } from 'react';
import { HINT_BELOW } from '../parts';
import { PIN_MAX } from './pin';

interface Props {
  label: string;
  hint?: string;
  value: string;
  error?: string | null;
  testid: string;
  autoFocus?: boolean;
  disabled?: boolean;
  inputRef?: Ref<HTMLInputElement>;
  onChange: (pin: string) => void;
  onKeyDown?: KeyboardEventHandler<HTMLInputElement>;
}

/** An input for a PIN, which takes digits only. It is no card field: a card's letters reach it no more than any other. */
export function PinField({
  label,
  hint,
  value,
  error,
  testid,
  autoFocus,
  disabled,
  inputRef,
  onChange,
  onKeyDown,
}: Props) {
  return (
    <PasswordInput
      ref={inputRef ?? null}
      label={label}
      description={hint}
      inputWrapperOrder={HINT_BELOW}
      inputMode="numeric"
      autoComplete="off"
      autoFocus={autoFocus ?? false}
      data-autofocus={autoFocus || undefined}
      disabled={disabled ?? false}
      maxLength={PIN_MAX}
      value={value}
      error={error}
      data-testid={testid}
      visibilityToggleButtonProps={{ tabIndex: -1, 'aria-hidden': true }}
      onChange={(event) => onChange(event.currentTarget.value.replaceAll(/\D/g, ''))}
      {...(onKeyDown && { onKeyDown })}
    />
  );
}
