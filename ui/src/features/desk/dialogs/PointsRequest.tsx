import { Loader } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HolderLine } from '../../../shared/holders';
import classes from './dialogs.module.css';

/** Most requests are answered sooner than this, and a text that only flickers can't be read. */
const SHOWN_AFTER_MS = 300;

/** Returns true once something has gone on for a while. */
function useLasting(isOn: boolean, ms: number): boolean {
  const [isLasting, setIsLasting] = useState(false);
  useEffect(() => {
    if (!isOn) return;
    const timer = setTimeout(() => setIsLasting(true), ms);
    return () => {
      clearTimeout(timer);
      setIsLasting(false);
    };
  }, [isOn, ms]);
  return isOn && isLasting;
}

interface Props {
  /** Prefix of the test ids, as in `RecordDialog`. */
  name: string;
  /** Whether a command is waiting for points of other terminals. */
  isAsking: boolean;
  holders: readonly HolderLine[];
  /** The text that stands here otherwise. */
  children: ReactNode;
}

/** While a command waits for points, says of which terminals it requests them, for the eye and for screen readers. */
export function PointsRequest({ name, isAsking, holders, children }: Props) {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation('common');
  const isShown = useLasting(isAsking, SHOWN_AFTER_MS);
  const terminals = [...new Set(holders.filter(({ isGiving }) => isGiving).map(({ terminal }) => terminal))];
  const words =
    terminals.length > 1
      ? t('pay.askingSeveral', { value: terminals.length })
      : t('pay.asking', { terminal: terminals[0] ?? common('otherTerminal') });
  return (
    <>
      <div className={classes.instead}>
        <div data-off={isShown || undefined}>{children}</div>
        <p
          className={classes.asking}
          data-off={!isShown || undefined}
          aria-hidden
          data-testid={isShown ? `${name}-asking` : undefined}
        >
          <Loader size={14} color="currentColor" />
          <span>{words}</span>
        </p>
      </div>
      {/* A status is announced only if its element is there before its text. */}
      <p className="visually-hidden" role="status" data-testid={`${name}-status`}>
        {isShown && words}
      </p>
    </>
  );
}
