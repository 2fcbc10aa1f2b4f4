import { useTranslation } from 'react-i18next';
import type { Invitation, InvitedConnection } from '../../../backend';
import classes from '../SetUp.module.css';

/**
 * Returns a function that names the credentials that the cluster requires and the user must enter, because pairing
 * codes never contain them. The function returns null if none are required.
 */
export function useMissingCredentials() {
  const { t } = useTranslation('setup');
  return ({ withUser, withCertificate }: InvitedConnection): string | null => {
    const needs = [
      ...(withUser ? [t('join.says.user')] : []),
      ...(withCertificate ? [t('join.says.certificate')] : []),
    ];
    return needs.length > 0 ? needs.join(', ') : null;
  };
}

/** The contents of a pairing code, shown before it is used. */
export function InvitationSummary({ invitation: { tag, connection } }: { invitation: Invitation }) {
  const { t } = useTranslation('setup');
  const { t: words } = useTranslation('connection');
  const needs = useMissingCredentials();
  if (!connection) {
    return (
      <p className={classes.note} role="status" data-testid="join-says">
        {t('join.says.short', { tag })}
      </p>
    );
  }
  const lines: [string, string][] = [
    [t('join.says.facility'), connection.facility],
    [t('join.says.servers'), connection.servers.replaceAll(',', ', ')],
    [t('join.says.transport'), words(connection.transport)],
    ...(connection.prefix === '' ? [] : [[t('join.says.prefix'), connection.prefix] as [string, string]]),
    [t('join.says.needs'), needs(connection) ?? t('join.says.nothing')],
  ];
  return (
    <section className={classes.says} aria-label={t('join.says.title')} role="status" data-testid="join-says">
      <h3>{t('join.says.title')}</h3>
      <dl>
        {lines.map(([term, text]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
