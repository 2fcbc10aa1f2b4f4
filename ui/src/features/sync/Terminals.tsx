import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError, SyncView, TerminalView } from '../../backend';
import { syncKeys } from '../../shared/data/sync';
import { useAction } from '../../shared/data/useAction';
import { formatNumber } from '../../shared/format';
import { useNavigation } from '../../shared/navigation';
import { EmptyState, ErrorNotice } from '../../shared/parts';
import { ReclaimDialog } from './ReclaimDialog';
import { RetireDialog } from './RetireDialog';
import classes from './Sync.module.css';
import { isInUse, TerminalRow } from './TerminalRow';

/** A table of all terminals: last heartbeat, backlog, held points, and whether their digest equals this terminal's. */
export function Terminals({ view }: { view: SyncView }) {
  const { t } = useTranslation('sync');
  const { goToSection } = useNavigation();
  const hub = useAction();
  const retiring = useAction();
  const client = useQueryClient();
  const [message, setMessage] = useState<string | null>(null);
  const [reclaiming, setReclaiming] = useState<TerminalView | null>(null);
  const [toRetire, setToRetire] = useState<TerminalView | null>(null);
  const [refused, setRefused] = useState<AppError | null>(null);
  const { terminals, facts, digest } = view;

  const setHub = async (terminal: TerminalView) => {
    setMessage(null);
    const outcome = await hub.run({ type: 'saveHub', terminalId: terminal.hub ? null : terminal.terminalId });
    if (!outcome) return;
    const name = terminal.name ?? t('terminals.unnamed');
    setMessage(terminal.hub ? t('hub.cleared') : t('hub.saved', { terminal: name }));
  };
  const retire = async ({ terminalId, retired, name }: TerminalView) => {
    const outcome = await retiring.run({ type: 'retireTerminal', terminalId, retired: !retired });
    setToRetire(null);
    if (!outcome) return;
    void client.invalidateQueries({ queryKey: syncKeys.retiredHere });
    setMessage(t(retired ? 'retire.undone' : 'retire.saved', { terminal: name ?? t('terminals.unnamed') }));
  };
  return (
    <section aria-label={t('terminals.title')}>
      <header className={classes.sectionHead}>
        <h2>{t('terminals.title')}</h2>
        <span data-selectable>
          {t('terminals.about', { facts: formatNumber(facts), digest: digest.slice(0, 8) })}
        </span>
        {message && (
          <span className={classes.said} role="status" data-testid="sync-said">
            {message}
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
              onRetire={() => {
                setMessage(null);
                retiring.reset();
                setToRetire(terminal);
              }}
              onReclaim={() => {
                setRefused(null);
                setReclaiming(terminal);
              }}
            />
          ))}
        </tbody>
      </table>
      {hub.error && <ErrorNotice error={hub.error} />}
      {retiring.error && <ErrorNotice error={retiring.error} />}
      {refused && <ErrorNotice error={refused} />}
      {terminals.length === 1 && (
        <EmptyState
          action={
            <Button variant="default" onClick={() => goToSection('pairing')}>
              {t('terminals.toPairing')}
            </Button>
          }
        >
          {t('terminals.only')}
        </EmptyState>
      )}
      {toRetire && (
        <RetireDialog
          terminal={toRetire}
          isBusy={retiring.isPending}
          onConfirm={() => void retire(toRetire)}
          onClose={() => setToRetire(null)}
        />
      )}
      {reclaiming && (
        <ReclaimDialog
          terminal={reclaiming}
          isEarlier={reclaiming.here || isInUse(reclaiming, view.asOf)}
          asOf={view.asOf}
          onRefused={setRefused}
          onClose={() => setReclaiming(null)}
        />
      )}
    </section>
  );
}
