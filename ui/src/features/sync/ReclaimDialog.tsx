import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppError, asAppError, type TerminalView, useBackend } from '../../backend';
import { formatNumber } from '../../shared/format';
import { useJobs } from '../../shared/jobs';
import { Confirm } from '../../shared/parts';
import { useWords } from '../../shared/words';
import classes from './Sync.module.css';
import { useReturnFocus } from './useReturnFocus';

interface Props {
  terminal: TerminalView;
  /** Whether only earlier incarnations are reclaimed from, because the terminal itself is in use. */
  isEarlier: boolean;
  asOf: number;
  onRefused: (error: AppError) => void;
  onClose: () => void;
}

/** Confirms a reclaim, which can't be undone. The user must confirm that the terminal is out of use. */
export function ReclaimDialog({ terminal, isEarlier, asOf, onRefused, onClose }: Props) {
  const { t } = useTranslation('sync');
  const { clockOrDay } = useWords();
  useReturnFocus();
  const backend = useBackend();
  const { track } = useJobs();
  const [isOutOfUse, setIsOutOfUse] = useState(false);
  const [isStarting, setIsStarting] = useState(false);
  const name = terminal.name ?? t('terminals.unnamed');
  const { here, held, lastHeardAt, retired } = terminal;
  const points = held === null ? null : formatNumber(held);

  const reclaim = async () => {
    if (!isOutOfUse || isStarting) return;
    setIsStarting(true);
    try {
      track(await backend.reclaim(terminal.terminalId), isEarlier ? t('reclaim.subjectHere') : name);
    } catch (thrown) {
      onRefused(asAppError(thrown));
    }
    onClose();
  };
  return (
    <Confirm
      title={
        here
          ? t('reclaim.titleHere')
          : t(isEarlier ? 'reclaim.titleEarlier' : 'reclaim.title', { terminal: name })
      }
      keep={t('reclaim.keep')}
      confirm={points === null ? t('reclaim.action') : t('reclaim.confirm', { points })}
      isBusy={isStarting}
      isDisabled={!isOutOfUse}
      isDangerous
      testId="reclaim-confirm"
      onConfirm={() => void reclaim()}
      // Once the job is being started, closing would look as if nothing had happened.
      onClose={() => !isStarting && onClose()}
    >
      <p>{points === null ? t('reclaim.movesUncounted') : t('reclaim.moves', { points })}</p>
      <ul className={classes.consequences}>
        {!isEarlier && (
          <li>
            {lastHeardAt === null
              ? t('reclaim.neverHeard')
              : t('reclaim.heard', { time: clockOrDay(lastHeardAt, asOf) })}
          </li>
        )}
        {!retired && <li>{t('reclaim.waits')}</li>}
        <li>{t('reclaim.late')}</li>
        <li>{t(isEarlier ? 'reclaim.standsHere' : 'reclaim.stands')}</li>
      </ul>
      <Checkbox
        className={classes.confirmOut ?? ''}
        checked={isOutOfUse}
        label={isEarlier ? t('reclaim.confirmOutHere') : t('reclaim.confirmOut', { terminal: name })}
        data-testid="reclaim-out"
        onChange={(event) => setIsOutOfUse(event.currentTarget.checked)}
      />
    </Confirm>
  );
}
