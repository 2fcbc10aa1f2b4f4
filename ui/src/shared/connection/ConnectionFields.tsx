import { PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';
import type { Connection, Transport } from '../../backend';
import classes from './connection.module.css';
import { order, PemPath } from './PemPath';
import type { ConnectionForm } from './useConnectionForm';

type PemName = 'caFile' | 'certificateFile' | 'keyFile';
type TextField = Exclude<keyof Connection, 'transport' | 'passwordKept'>;

interface FieldProps {
  form: ConnectionForm;
  name: TextField;
  hint?: string;
  placeholder?: string;
  autoFocus?: boolean;
  inputRef?: Ref<HTMLInputElement> | undefined;
  error?: string | null | undefined;
}

function Field({ form, name, hint, placeholder, autoFocus, inputRef, error }: FieldProps) {
  const { t } = useTranslation('connection');
  return (
    <TextInput
      ref={inputRef ?? null}
      error={error ?? null}
      autoComplete="off"
      spellCheck={false}
      inputWrapperOrder={order}
      autoFocus={autoFocus ?? false}
      label={t(name)}
      description={hint}
      placeholder={placeholder ?? ''}
      value={form.connection[name]}
      data-testid={`connection-${name}`}
      onChange={(event) => form.type({ [name]: event.currentTarget.value })}
    />
  );
}

/** A path of a file that belongs to the connection. */
function PemField({
  form,
  name,
  ...props
}: {
  form: ConnectionForm;
  name: PemName;
  hint?: string;
  placeholder?: string;
}) {
  const { t } = useTranslation('connection');
  return (
    <PemPath
      {...props}
      label={t(name)}
      value={form.connection[name]}
      testId={`connection-${name}`}
      onChange={(path) => form.type({ [name]: path })}
    />
  );
}

interface Props {
  form: ConnectionForm;
  autoFocus?: boolean;
  serversRef?: Ref<HTMLInputElement>;
  serversError?: string | null;
}

/** Where the cluster is and how it is reached. Only what is asked for often is at the top. */
export function ConnectionFields({ form, autoFocus = false, serversRef, serversError }: Props) {
  const { t } = useTranslation('connection');
  const { connection, password } = form;
  const isTls = connection.transport === 'tls';
  return (
    <div className={classes.fields}>
      <Field
        form={form}
        name="servers"
        autoFocus={autoFocus}
        inputRef={serversRef}
        error={serversError}
        hint={t('serversHint')}
        placeholder={t('serversPlaceholder')}
      />
      <div className={classes.transport}>
        <span className={classes.label} id="connection-transport">
          {t('transport')}
        </span>
        <SegmentedControl
          aria-labelledby="connection-transport"
          value={connection.transport}
          onChange={(transport) => form.type({ transport: transport as Transport })}
          data={(['plain', 'tls'] as const).map((value) => ({
            value,
            label: <span data-testid={`connection-${value}`}>{t(value)}</span>,
          }))}
        />
        {!isTls && <small>{t('plainHint')}</small>}
      </div>
      {isTls && (
        <>
          <PemField form={form} name="caFile" hint={t('caFileHint')} placeholder={t('pathPlaceholder')} />
          <PemField form={form} name="certificateFile" hint={t('mutualHint')} />
          <PemField form={form} name="keyFile" />
        </>
      )}
      <div className={classes.pair}>
        <Field form={form} name="user" hint={t('userHint')} />
        <PasswordInput
          autoComplete="new-password"
          inputWrapperOrder={order}
          label={t('password')}
          description={connection.passwordKept ? t('passwordKeptHint') : undefined}
          placeholder={connection.passwordKept ? t('passwordKept') : ''}
          value={password}
          data-testid="connection-password"
          onChange={(event) => form.typePassword(event.currentTarget.value)}
        />
      </div>
      <Field form={form} name="prefix" hint={t('prefixHint')} />
    </div>
  );
}
