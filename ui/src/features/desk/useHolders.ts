import { useTranslation } from 'react-i18next';
import type { PointsView } from '../../backend';
import { useNow } from '../../shared/clock';
import { formatNumber } from '../../shared/format';
import { useWords } from '../../shared/words';

export interface HolderWords {
  key: string;
  terminal: string;
  /** `200 P는 단말 2에 있습니다.` */
  held: string;
  /** `단말 2의 마지막 소식은 09:12입니다.`; empty where it was never heard. */
  heard: string;
  /** Both. */
  text: string;
}

/** Where the points are that aren't here, and since when those terminals weren't heard; the largest first. */
export function useHolders({ holders }: PointsView): HolderWords[] {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation('common');
  const { clockOrDay } = useWords();
  const now = useNow();
  return holders
    .toSorted((a, b) => b.points - a.points)
    .map(({ terminalName, points, lastHeardAt }) => {
      const terminal = terminalName ?? common('otherTerminal');
      const held = t('figures.heldBy', { points: formatNumber(points), terminal });
      const heard =
        lastHeardAt === null ? '' : t('figures.heard', { terminal, time: clockOrDay(lastHeardAt, now) });
      return { key: `${terminal} ${points}`, terminal, held, heard, text: `${held} ${heard}`.trim() };
    });
}
