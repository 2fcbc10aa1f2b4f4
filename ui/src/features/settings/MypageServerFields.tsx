import { useTranslation } from 'react-i18next';
import connectionClasses from '../../shared/connection/connection.module.css';
import { PasswordField, PemPathField, TextField, TransportField } from '../../shared/connection/inputs';
import classes from './Settings.module.css';
import type { MypageEngineForm } from './useMypageEngineForm';

type TextName = 'host' | 'port' | 'database' | 'user';

/** Inputs for the address and the credentials of Mypage's database server. */
export function MypageServerFields({ form }: { form: MypageEngineForm }) {
  const { t } = useTranslation('settings');
  const { t: words } = useTranslation('connection');
  const { server, isPort, edit } = form;
  const field = (name: TextName) => ({
    label: t(`mypage.${name}`),
    value: server[name],
    testId: `mypage-${name}`,
    onChange: (text: string) => edit({ [name]: text }),
  });
  return (
    <div className={connectionClasses.fields}>
      <div className={classes.hostAndPort}>
        <TextField {...field('host')} placeholder={t('mypage.hostPlaceholder')} />
        <TextField {...field('port')} inputMode="numeric" error={isPort ? null : t('mypage.portWrong')} />
      </div>
      <TextField {...field('database')} description={t('mypage.databaseHint')} placeholder="nosmoke" />
      <div className={connectionClasses.pair}>
        <TextField {...field('user')} description={t('mypage.userHint')} />
        <PasswordField
          isSaved={server.passwordKept}
          value={form.password}
          testId="mypage-password"
          onChange={form.editPassword}
        />
      </div>
      <TransportField
        value={server.transport}
        plainHint={t('mypage.plainHint')}
        testId="mypage"
        onChange={(transport) => edit({ transport })}
      />
      {server.transport === 'tls' && (
        <PemPathField
          label={words('caFile')}
          description={words('caFileHint')}
          placeholder={words('pathPlaceholder')}
          value={server.caFile}
          testId="mypage-caFile"
          onChange={(caFile) => edit({ caFile })}
        />
      )}
    </div>
  );
}
