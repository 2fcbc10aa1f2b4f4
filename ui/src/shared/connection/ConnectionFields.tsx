import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';
import type { Connection } from '../../backend';
import classes from './connection.module.css';
import { MechanismField, PasswordField, PemPathField, TextField, TransportField } from './inputs';
import type { ConnectionForm } from './useConnectionForm';

type TextName = Exclude<keyof Connection, 'transport' | 'mechanism' | 'passwordKept'>;

interface Props {
  form: ConnectionForm;
  autoFocus?: boolean;
  serversRef?: Ref<HTMLInputElement>;
  serversError?: string | null;
}

/** Inputs for the Kafka cluster's address, transport and credentials, the most used ones at the top. */
export function ConnectionFields({ form, autoFocus, serversRef, serversError }: Props) {
  const { t } = useTranslation('connection');
  const { connection } = form;
  const field = (name: TextName) => ({
    label: t(name),
    value: connection[name],
    testId: `connection-${name}`,
    onChange: (text: string) => form.edit({ [name]: text }),
  });
  return (
    <div className={classes.fields}>
      <TextField
        {...field('servers')}
        autoFocus={autoFocus}
        ref={serversRef}
        error={serversError}
        description={t('serversHint')}
        placeholder={t('serversPlaceholder')}
      />
      <TransportField
        value={connection.transport}
        plainHint={t('plainHint')}
        testId="connection"
        onChange={(transport) => form.edit({ transport })}
      />
      {connection.transport === 'tls' && (
        <>
          <PemPathField
            {...field('caFile')}
            description={t('caFileHint')}
            placeholder={t('pathPlaceholder')}
          />
          <PemPathField {...field('certificateFile')} description={t('mutualHint')} />
          <PemPathField {...field('keyFile')} />
        </>
      )}
      <div className={classes.pair}>
        <TextField {...field('user')} description={t('userHint')} />
        <PasswordField
          isSaved={connection.passwordKept}
          value={form.password}
          testId="connection-password"
          onChange={form.editPassword}
        />
      </div>
      {connection.user !== '' && (
        <MechanismField value={connection.mechanism} onChange={(mechanism) => form.edit({ mechanism })} />
      )}
      <TextField {...field('prefix')} description={t('prefixHint')} />
    </div>
  );
}
