import { useTranslation } from 'react-i18next';
import type { SyncView } from '../../backend';
import { useErrorWords } from '../../shared/errors';
import { useWords } from '../../shared/words';
import classes from './Sync.module.css';

/** Shows the connection's last error with advice, or says that the error is over. */
export function LastError({ view: { lastError, connection, asOf } }: { view: SyncView }) {
  const { t } = useTranslation('sync');
  const { clockOrDay } = useWords();
  const errorWords = useErrorWords();
  const isOver = lastError !== null && connection.state === 'online' && connection.since >= lastError.at;
  const words = lastError && errorWords(lastError.error);
  const detail = lastError?.error.params.detail;
  return (
    <section
      aria-label={t('lastError.title')}
      data-testid="sync-last-error"
      data-code={lastError?.error.code}
    >
      <header className={classes.sectionHead}>
        <h2>{t('lastError.title')}</h2>
      </header>
      {lastError && words ? (
        <div className={classes.errorText}>
          <p>
            <strong>{clockOrDay(lastError.at, asOf)}</strong> {words.title}
          </p>
          <p>{isOver ? t('lastError.over', { time: clockOrDay(connection.since, asOf) }) : words.advice}</p>
          {typeof detail === 'string' && (isOver || !words.advice.includes(detail)) && (
            <p className={classes.errorDetail} data-selectable>
              {detail}
            </p>
          )}
        </div>
      ) : (
        <p className={classes.nothing}>{t('lastError.none')}</p>
      )}
    </section>
  );
}
