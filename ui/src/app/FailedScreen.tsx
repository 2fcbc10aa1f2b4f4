import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AppError } from '../backend';
import { ErrorNotice } from '../shared/parts';
import classes from './app.module.css';

interface Props {
  error: AppError;
  version: string;
  onRetry: () => void;
}

/** The program could not open its data: nothing else can be shown. */
export function FailedScreen({ error, version, onRetry }: Props) {
  const { t } = useTranslation('app');
  return (
    <main className={classes.failed}>
      <h1 className={classes.failedTitle}>{t('failed.title')}</h1>
      <ErrorNotice error={error} />
      <div className={classes.failedFoot}>
        <span>{version}</span>
        <Button onClick={onRetry} autoFocus>
          {t('failed.retry')}
        </Button>
      </div>
    </main>
  );
}
