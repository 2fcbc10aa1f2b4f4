import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useBackend } from '../../backend';
import { useWatchedJob } from '../useWatchedJob';
import { ErrorNotice } from './ErrorNotice';
import classes from './parts.module.css';
import { ShowFolder } from './ShowFolder';

/** Writes the file that support asks for: logs, versions and counts, with no name, key or password. */
export function Diagnostics() {
  const { t } = useTranslation('common');
  const backend = useBackend();
  const { job, error, isAsking, isRunning, begin } = useWatchedJob(() => {});
  return (
    <>
      <Button
        size="md"
        variant="default"
        loading={isAsking || isRunning}
        data-testid="diagnostics"
        onClick={() => void begin(() => backend.saveDiagnostics())}
      >
        {t('diagnostics.save')}
      </Button>
      {job?.state === 'done' && (
        <p className={classes.diagnosticsDone} role="status" data-testid="diagnostics-done">
          <span>
            {t('diagnostics.done')} <span data-selectable>{job.path}</span>
          </span>
          <ShowFolder folder={{ folder: 'written', jobId: job.jobId }} />
        </p>
      )}
      {error && error.code !== 'cancelled' && <ErrorNotice error={error} />}
    </>
  );
}
