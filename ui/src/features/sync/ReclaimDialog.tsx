import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppError, asAppError, type TerminalView, useBackend } from '../../backend';
import { formatNumber } from '../../shared/format';
import { useJobs } from '../../shared/jobs';
import { Confirm } from '../../shared/parts';
import { useWords } from '../../shared/words';
import classes from './Sync.module.css';

interface Props {
  terminal: TerminalView;
  asOf: number;
  onRefused: (error: AppError) => void;
  onClose: () => void;
}

/** Says what happens before it can't be undone; that the terminal is out of use only a person can know. */
export function ReclaimDialog({ terminal, asOf, onRefused, onClose }: Props) {
  const { t } = useTranslation('sync');
  const { clockOrDay } = useWords();
  const backend = useBackend();
  const { track } = useJobs();
  const [isOut, setIsOut] = useState(false);
  const [isAsking, setIsAsking] = useState(false);
  const name = terminal.name ?? t('terminals.unnamed');
  const { here, held, lastHeardAt } = terminal;
  const points = held === null ? null : formatNumber(held);

  const reclaim = async () => {
    if (!isOut || isAsking) return;
    setIsAsking(true);
    try {
      track(await backend.reclaim(terminal.terminalId));
    } catch (thrown) {
      onRefused(asAppError(thrown));
    }
    onClose();
  };
  return (
    <Confirm
      title={here ? t('reclaim.titleHere') : t('reclaim.title', { terminal: name })}
      keep={t('reclaim.keep')}
      confirm={points === null ? t('reclaim.action') : t('reclaim.confirm', { points })}
      isBusy={isAsking}
      isDisabled={!isOut}
      isDangerous
      testId="reclaim-confirm"
      onConfirm={() => void reclaim()}
      onClose={onClose}
    >
      <p>{points === null ? t('reclaim.movesUncounted') : t('reclaim.moves', { points })}</p>
      <ul className={classes.consequences}>
        {!here && (
          <li>
            {lastHeardAt === null
              ? t('reclaim.neverHeard')
              : t('reclaim.heard', { time: clockOrDay(lastHeardAt, asOf) })}
          </li>
        )}
        <li>{t('reclaim.late')}</li>
        <li>{t(here ? 'reclaim.standsHere' : 'reclaim.stands')}</li>
      </ul>
      <Checkbox
        className={classes.confirmOut ?? ''}
        checked={isOut}
        label={here ? t('reclaim.confirmOutHere') : t('reclaim.confirmOut', { terminal: name })}
        data-testid="reclaim-out"
        onChange={(event) => setIsOut(event.currentTarget.checked)}
      />
    </Confirm>
  );
}
