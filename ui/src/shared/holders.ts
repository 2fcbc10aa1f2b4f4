import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { HolderView } from '../backend';
import { formatNumber } from './format';
import { MINUTE_MS } from './time';
import { useWords } from './words';

/**
 * A terminal without a heartbeat for this long is shown with the time of its last one. Longer than between heartbeats,
 * because a card is some seconds old, and the clock of this PC may differ a little from the cluster's.
 */
const HEARD_MS = MINUTE_MS;
/** A longer name of a terminal is cut in the middle, because names often begin alike. */
const NAME_MAX = 20;
const NAME_END = 8;

/** One place that holds points of a customer, in words. */
export interface HolderLine {
  key: string;
  /** `단말 2에 320 P` (320 P at terminal 2), then why nobody gives them now, if so. */
  text: string;
  /** The same with the whole name of the terminal. */
  fullText: string;
  /** The terminal's name as shown, or words for another one. */
  terminal: string;
  points: number;
  /** Whether the terminal answers requests for points now, as far as this one knows. */
  isGiving: boolean;
  /** Whether the points can be used only after a manager has reclaimed them. */
  isReclaimable: boolean;
}

function shortened(name: string): string {
  const letters = [...name];
  if (letters.length <= NAME_MAX) return name;
  const start = letters
    .slice(0, NAME_MAX - NAME_END - 1)
    .join('')
    .trimEnd();
  return `${start}…${letters.slice(-NAME_END).join('').trimStart()}`;
}

/** Joins the earlier incarnations of each terminal, because one reclaim takes over the points of all of them. */
function withEarlierJoined(holders: readonly HolderView[]): HolderView[] {
  const joined: HolderView[] = [];
  for (const holder of holders) {
    const { terminalName, earlier, here, points } = holder;
    const known = joined.find(
      (one) => one.earlier && one.here === here && (here || one.terminalName === terminalName),
    );
    if (earlier && known) known.points += points;
    else joined.push({ ...holder });
  }
  return joined;
}

/** Returns a function that describes the holders of a customer's points, those who give them first. */
export function useHolderLines(): (holders: readonly HolderView[], now: number) => HolderLine[] {
  const { t } = useTranslation('common');
  const { ago } = useWords();
  return useCallback(
    (holders, now) => {
      const lineOf = (holder: HolderView, index: number): HolderLine => {
        const { terminalName, points, lastHeardAt, gives, earlier, here } = holder;
        const isHeard = lastHeardAt !== null && now - lastHeardAt < HEARD_MS;
        const name = terminalName ?? t('otherTerminal');
        const textFor = (terminal: string) => {
          const params = { terminal, points: formatNumber(points) };
          if (earlier) return t(here ? 'holder.earlierHere' : 'holder.earlier', params);
          if (lastHeardAt === null) return t('holder.neverHeard', params);
          if (!isHeard) return t('holder.notHeard', { ...params, ago: ago(lastHeardAt, now) });
          return t(gives ? 'holder.gives' : 'holder.givesNot', params);
        };
        return {
          key: `${index} ${terminalName}`,
          text: textFor(shortened(name)),
          fullText: textFor(name),
          terminal: shortened(name),
          points,
          isGiving: isHeard && gives && !earlier,
          isReclaimable: earlier,
        };
      };
      return withEarlierJoined(holders)
        .map(lineOf)
        .sort((a, b) => Number(b.isGiving) - Number(a.isGiving) || b.points - a.points);
    },
    [t, ago],
  );
}
