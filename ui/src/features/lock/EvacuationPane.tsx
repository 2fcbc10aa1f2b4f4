import { Button, Skeleton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppError, asAppError, type EvacuationList, useBackend } from '../../backend';
import { EvacuationSheet } from '../../shared/evacuation/EvacuationSheet';
import { useTopEscape } from '../../shared/hotkeys';
import { Delayed, ErrorNotice, Kbd } from '../../shared/parts';
import classes from './Lock.module.css';

/** The evacuation list over the lock screen. Each look at it is one row of the access log. */
export function EvacuationPane({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('people');
  const { t: common } = useTranslation('common');
  const backend = useBackend();
  const [list, setList] = useState<EvacuationList | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [tries, setTries] = useState(1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each try reads the list again.
  useEffect(() => {
    let isShown = true;
    setError(null);
    backend.evacuationList().then(
      (read) => isShown && setList(read),
      (thrown) => isShown && setError(asAppError(thrown)),
    );
    return () => {
      isShown = false;
    };
  }, [backend, tries]);
  useTopEscape('lock', onClose);
  return (
    <div className={classes.evacuationPane} data-testid="lock-evacuation-list">
      <header className={classes.evacuationHead}>
        <h1 className={classes.title}>{t('evacuation.heading', { facility: list?.facilityName ?? '' })}</h1>
        <Button
          size="md"
          variant="default"
          className={classes.noPrint ?? ''}
          rightSection={<Kbd>Esc</Kbd>}
          data-testid="lock-evacuation-close"
          onClick={onClose}
        >
          {common('close')}
        </Button>
      </header>
      {error && <ErrorNotice error={error} onRetry={() => setTries((before) => before + 1)} />}
      {!list && !error && (
        <Delayed>
          <Skeleton height={200} />
        </Delayed>
      )}
      {list && <EvacuationSheet list={list} />}
    </div>
  );
}
