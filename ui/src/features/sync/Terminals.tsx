import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError, SyncView, TerminalView } from '../../backend';
import { useAction } from '../../shared/data/useAction';
import { formatNumber } from '../../shared/format';
import { useNavigation } from '../../shared/navigation';
import { EmptyState, ErrorNotice } from '../../shared/parts';
import { ReclaimDialog } from './ReclaimDialog';
import classes from './Sync.module.css';
import { TerminalRow } from './TerminalRow';

/** Every terminal as it was last heard, and whether it has what this one has. */
export function Terminals({ view }: { view: SyncView }) {
  const { t } = useTranslation('sync');
  const { goToSettings } = useNavigation();
  const hub = useAction();
  const [said, setSaid] = useState<string | null>(null);
  const [lost, setLost] = useState<TerminalView | null>(null);
  const [refused, setRefused] = useState<AppError | null>(null);
  const { terminals, facts, digest } = view;

  const setHub = async (terminal: TerminalView) => {
    setSaid(null);
    const outcome = await hub.run({ type: 'saveHub', terminalId: terminal.hub ? null : terminal.terminalId });
    if (!outcome) return;
    const name = terminal.name ?? t('terminals.unnamed');
    setSaid(terminal.hub ? t('hub.cleared') : t('hub.saved', { terminal: name }));
  };
  return (
    <section aria-label={t('terminals.title')}>
      <header className={classes.sectionHead}>
        <h2>{t('terminals.title')}</h2>
        <span data-selectable>
          {t('terminals.about', { facts: formatNumber(facts), digest: digest.slice(0, 8) })}
        </span>
        {said && (
          <span className={classes.said} role="status" data-testid="sync-said">
            {said}
          </span>
        )}
      </header>
      <table className={classes.table}>
        <colgroup>
          <col />
          <col className={classes.colHeard} />
          <col className={classes.colNumber} />
          <col className={classes.colNumber} />
          <col className={classes.colHeld} />
          <col className={classes.colDigest} />
          <col className={classes.colActions} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">{t('terminals.name')}</th>
            <th scope="col">{t('terminals.heard')}</th>
            <th scope="col" data-number>
              {t('terminals.pending')}
            </th>
            <th scope="col" data-number>
              {t('terminals.behind')}
            </th>
            <th scope="col" data-number>
              {t('terminals.held')}
            </th>
            <th scope="col" className={classes.digestHead}>
              {t('terminals.digest')}
            </th>
            <th scope="col">
              <span className="visually-hidden">{t('terminals.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {terminals.map((terminal) => (
            <TerminalRow
              key={terminal.terminalId}
              terminal={terminal}
              view={view}
              onHub={() => void setHub(terminal)}
              onReclaim={() => {
                setRefused(null);
                setLost(terminal);
              }}
            />
          ))}
        </tbody>
      </table>
      {hub.error && <ErrorNotice error={hub.error} />}
      {refused && <ErrorNotice error={refused} />}
      {terminals.length === 1 && (
        <EmptyState
          action={
            <Button variant="default" onClick={() => goToSettings('pairing')}>
              {t('terminals.toPairing')}
            </Button>
          }
        >
          {t('terminals.only')}
        </EmptyState>
      )}
      {lost && (
        <ReclaimDialog
          terminal={lost}
          asOf={view.asOf}
          onRefused={setRefused}
          onClose={() => setLost(null)}
        />
      )}
    </section>
  );
}
