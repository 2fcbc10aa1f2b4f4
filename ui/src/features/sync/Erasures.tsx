import { Check, Clock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Erasure } from '../../backend';
import { useWords } from '../../shared/words';
import classes from './Sync.module.css';

/** Lists erased customers, each with the terminals that still have to erase the customer's data. */
export function Erasures({ erasures, asOf }: { erasures: Erasure[]; asOf: number }) {
  const { t } = useTranslation('sync');
  const { clockOrDay } = useWords();
  return (
    <section aria-label={t('erasures.title')}>
      <header className={classes.sectionHead}>
        <h2>{t('erasures.title')}</h2>
      </header>
      <ul className={classes.erasures}>
        {erasures.map(({ eventId, at, tag, applied, waiting }) => {
          const isDone = waiting.length === 0;
          const terminals = (isDone ? applied : waiting).join(', ');
          const Icon = isDone ? Check : Clock;
          return (
            <li key={eventId} data-testid="erasure" data-done={isDone || undefined}>
              <Icon size={16} strokeWidth={1.75} aria-hidden />
              <div>
                <p>
                  <strong>{t('erasures.who', { tag })}</strong> <span>{clockOrDay(at, asOf)}</span>
                </p>
                {isDone ? (
                  <p title={terminals}>{t('erasures.all')}</p>
                ) : (
                  <>
                    <p data-tone="warn">{t('erasures.waiting', { terminals })}</p>
                    {applied.length > 0 && <p>{t('erasures.applied', { terminals: applied.join(', ') })}</p>}
                  </>
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
