import {
  Button,
  NativeSelect,
  PasswordInput,
  SegmentedControl,
  TextInput,
  type TextInputProps,
} from '@mantine/core';
import { FolderOpen } from 'lucide-react';
import { useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type SaslMechanism, type Transport, useBackend } from '../../backend';
import { HINT_BELOW } from '../parts';
import classes from './connection.module.css';

interface TextFieldProps extends Omit<TextInputProps, 'onChange'> {
  label: string;
  testId: string;
  onChange: (text: string) => void;
}

export function TextField({ testId, onChange, ...props }: TextFieldProps) {
  return (
    <TextInput
      autoComplete="off"
      spellCheck={false}
      inputWrapperOrder={HINT_BELOW}
      data-testid={testId}
      onChange={(event) => onChange(event.currentTarget.value)}
      {...props}
    />
  );
}

/** An input for the path of a PEM file, which is typed or chosen in the system's file dialog. */
export function PemPathField(props: TextFieldProps) {
  const { t } = useTranslation('connection');
  const backend = useBackend();
  const field = useRef<HTMLInputElement>(null);
  const pick = async () => {
    const path = await backend.pickPem();
    if (path !== null) props.onChange(path);
    field.current?.focus();
  };
  return (
    <div className={classes.file}>
      <TextField {...props} ref={field} />
      <Button
        size="md"
        variant="default"
        aria-label={t('pickOf', { file: props.label })}
        leftSection={<FolderOpen size={16} strokeWidth={1.75} />}
        data-testid={`${props.testId}-pick`}
        onClick={() => void pick()}
      >
        {t('pick')}
      </Button>
    </div>
  );
}

interface PasswordFieldProps {
  /** True if a password is saved. It is never shown, and is kept unless another one is typed. */
  isSaved: boolean;
  value: string;
  testId: string;
  onChange: (password: string) => void;
}

export function PasswordField({ isSaved, value, testId, onChange }: PasswordFieldProps) {
  const { t } = useTranslation('connection');
  return (
    <PasswordInput
      autoComplete="new-password"
      inputWrapperOrder={HINT_BELOW}
      label={t('password')}
      description={isSaved ? t('passwordKeptHint') : undefined}
      placeholder={isSaved ? t('passwordKept') : ''}
      value={value}
      data-testid={testId}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

interface LabelledChoiceProps<Value extends string> {
  label: string;
  value: Value;
  choices: readonly Value[];
  nameOf: (choice: Value) => string;
  hint: string | null;
  /** Prefix of the choices' test ids: `mypage` gives `mypage-tls` and so on. */
  testId: string;
  onChange: (value: Value) => void;
}

/** A segmented control with a label above and a hint below. */
export function LabelledChoice<Value extends string>(props: LabelledChoiceProps<Value>) {
  const { label, value, choices, nameOf, hint, testId, onChange } = props;
  const id = useId();
  return (
    <div className={classes.choice}>
      <span className={classes.label} id={id}>
        {label}
      </span>
      <SegmentedControl
        aria-labelledby={id}
        value={value}
        onChange={(next) => onChange(next as Value)}
        data={choices.map((choice) => ({
          value: choice,
          label: <span data-testid={`${testId}-${choice}`}>{nameOf(choice)}</span>,
        }))}
      />
      {hint !== null && <small>{hint}</small>}
    </div>
  );
}

interface TransportFieldProps {
  value: Transport;
  /** The hint shown while TLS isn't chosen. */
  plainHint: string;
  testId: string;
  onChange: (transport: Transport) => void;
}

export function TransportField({ value, plainHint, testId, onChange }: TransportFieldProps) {
  const { t } = useTranslation('connection');
  return (
    <LabelledChoice
      label={t('transport')}
      value={value}
      choices={['plain', 'tls']}
      nameOf={(choice) => t(choice)}
      hint={value === 'plain' ? plainHint : null}
      testId={testId}
      onChange={onChange}
    />
  );
}

const MECHANISMS: { value: SaslMechanism; label: string }[] = [
  { value: 'scramSha512', label: 'SCRAM-SHA-512' },
  { value: 'scramSha256', label: 'SCRAM-SHA-256' },
  { value: 'plain', label: 'PLAIN' },
];

interface MechanismFieldProps {
  value: SaslMechanism;
  onChange: (mechanism: SaslMechanism) => void;
}

/** How the user logs in to the server. */
export function MechanismField({ value, onChange }: MechanismFieldProps) {
  const { t } = useTranslation('connection');
  return (
    <NativeSelect
      inputWrapperOrder={HINT_BELOW}
      label={t('mechanism')}
      description={t('mechanismHint')}
      data={MECHANISMS}
      value={value}
      data-testid="connection-mechanism"
      onChange={(event) => {
        const chosen = MECHANISMS.find((it) => it.value === event.currentTarget.value);
        if (chosen) onChange(chosen.value);
      }}
    />
  );
}
