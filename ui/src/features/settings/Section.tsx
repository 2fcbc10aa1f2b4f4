import { Skeleton } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { Delayed, ErrorNotice } from '../../shared/parts';
import classes from './Settings.module.css';

/** A section's heading, with a sentence that explains the section. */
export function SectionHead({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <header className={classes.sectionHead}>
      <h2>{title}</h2>
      {children && <p>{children}</p>}
    </header>
  );
}

interface LoadedSettingProps<Setting> {
  query: UseQueryResult<Setting>;
  children: (setting: Setting) => ReactNode;
}

/** Shows a setting once it is loaded. Until then, shows a placeholder, or the error if loading failed. */
export function LoadedSetting<Setting>({ query, children }: LoadedSettingProps<Setting>) {
  const { data, error, refetch } = query;
  return (
    <>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && (
        <Delayed>
          <Skeleton height={64} />
        </Delayed>
      )}
      {data && children(data)}
    </>
  );
}

/** Says next to a button that its action is done. */
export function DoneNotice({ children }: { children: ReactNode }) {
  return (
    children && (
      <p className={classes.said} role="status" data-testid="settings-said">
        <CircleCheck size={16} strokeWidth={1.75} aria-hidden />
        <span>{children}</span>
      </p>
    )
  );
}
