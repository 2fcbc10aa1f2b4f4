import { PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Transport } from '../../backend';
import connectionClasses from '../../shared/connection/connection.module.css';
import { order, PemPath } from '../../shared/connection/PemPath';
import classes from './Settings.module.css';
import type { MypageEngineForm } from './useMypageEngineForm';

type TextName = 'host' | 'port' | 'database' | 'user';

interface FieldProps {
  form: MypageEngineForm;
  name: TextName;
  hint?: string;
  placeholder?: string;
  error?: string | null;
}

function Field({ form, name, hint, placeholder = '', error = null }: FieldProps) {
  const { t } = useTranslation('settings');
  return (
    <TextInput
      autoComplete="off"
      spellCheck={false}
      inputWrapperOrder={order}
      inputMode={name === 'port' ? 'numeric' : 'text'}
      label={t(`mypage.${name}`)}
      description={hint}
      placeholder={placeholder}
      error={error}
      value={form.server[name]}
      data-testid={`mypage-${name}`}
      onChange={(event) => form.type({ [name]: event.currentTarget.value })}
    />
  );
}

/** Where the server is and who asks it. */
export function MypageServerFields({ form }: { form: MypageEngineForm }) {
  const { t } = useTranslation('settings');
  const { t: words } = useTranslation('connection');
  const { server, password, isPort } = form;
  const isTls = server.transport === 'tls';
  return (
    <div className={connectionClasses.fields}>
      <div className={classes.hostAndPort}>
        <Field form={form} name="host" placeholder={t('mypage.hostPlaceholder')} />
        <Field form={form} name="port" error={isPort ? null : t('mypage.portWrong')} />
      </div>
      <Field form={form} name="database" hint={t('mypage.databaseHint')} placeholder="nosmoke" />
      <div className={connectionClasses.pair}>
        <Field form={form} name="user" hint={t('mypage.userHint')} />
        <PasswordInput
          autoComplete="new-password"
          inputWrapperOrder={order}
          label={words('password')}
          description={server.passwordKept ? words('passwordKeptHint') : undefined}
          placeholder={server.passwordKept ? words('passwordKept') : ''}
          value={password}
          data-testid="mypage-password"
          onChange={(event) => form.typePassword(event.currentTarget.value)}
        />
      </div>
      <div className={connectionClasses.transport}>
        <span className={connectionClasses.label} id="mypage-transport">
          {words('transport')}
        </span>
        <SegmentedControl
          aria-labelledby="mypage-transport"
          value={server.transport}
          onChange={(transport) => form.type({ transport: transport as Transport })}
          data={(['plain', 'tls'] as const).map((value) => ({
            value,
            label: <span data-testid={`mypage-${value}`}>{words(value)}</span>,
          }))}
        />
        {!isTls && <small>{t('mypage.plainHint')}</small>}
      </div>
      {isTls && (
        <PemPath
          label={words('caFile')}
          hint={words('caFileHint')}
          placeholder={words('pathPlaceholder')}
          value={server.caFile}
          testId="mypage-caFile"
          onChange={(caFile) => form.type({ caFile })}
        />
      )}
    </div>
  );
}
