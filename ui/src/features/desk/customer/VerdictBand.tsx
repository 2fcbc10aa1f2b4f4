import { UnstyledButton } from '@mantine/core';
import { Check, CigaretteOff, ClockAlert, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Verdict } from '../../../backend';
import { useSyncChip } from '../../../shared/data/sync';
import { formatNumber } from '../../../shared/format';
import { ActKbd } from '../../../shared/keys/ActKbd';
import { dottedDate, useNow } from '../../../shared/time';
import { endedBan, pointsToBan } from '../../../shared/why/verdictWords';
import { useWords } from '../../../shared/words';
import classes from './verdict.module.css';

const icons = { ALLOWED: Check, WARNED: TriangleAlert, PROHIBITED: CigaretteOff };

/** A verdict older than this is shown with its age. */
const STALE_AFTER_MS = 90_000;

/** Shows by colour, icon and text if the customer may smoke, and how old this verdict is. */
export function VerdictBand({ verdict, onWhy }: { verdict: Verdict; onWhy: () => void }) {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation('common');
  const { clockOrDay, duration } = useWords();
  const { data: chip } = useSyncChip();
  const now = useNow();
  const { standing, outstanding, warnAt, prohibitAt, asOf, behind, liftedOn } = verdict;
  const day = endedBan(verdict)?.lastDay ?? liftedOn;
  const reason = day === null ? standing : standing === 'PROHIBITED' ? 'LIFTED_ON' : 'ENDED';
  const Icon = icons[standing];
  const isStale = now - asOf > STALE_AFTER_MS;

  const source = behind
    ? t('verdict.behind')
    : isStale
      ? t('verdict.ago', { duration: duration(asOf, now) })
      : chip?.state === 'alone'
        ? t('verdict.here')
        : t('verdict.current');

  return (
    <section className={classes.band} data-testid="verdict" data-standing={standing}>
      <span className={classes.sign} aria-hidden>
        <Icon size={standing === 'ALLOWED' ? 40 : 36} strokeWidth={standing === 'ALLOWED' ? 2.5 : 2} />
      </span>
      <div className={classes.words}>
        <h2 className={classes.standing}>{common(`standing.${standing}`)}</h2>
        <p className={classes.reason}>
          {t(`verdict.${reason}`, {
            outstanding: formatNumber(outstanding),
            warnAt,
            prohibitAt,
            left: formatNumber(pointsToBan(verdict)),
            day: day && dottedDate(day),
          })}
        </p>
      </div>
      <div className={classes.age} data-behind={behind || undefined} data-testid="verdict-age">
        <span className={classes.asOf}>
          {(isStale || behind) && <ClockAlert size={16} strokeWidth={2} aria-hidden />}
          {t('verdict.asOf', { time: clockOrDay(asOf, now) })}
        </span>
        <span className={classes.source}>{source}</span>
        <UnstyledButton className={classes.why} onClick={onWhy} data-testid="action-why">
          {t('verdict.why')}
          <ActKbd act="why" on={standing === 'PROHIBITED' ? 'accent' : undefined} />
        </UnstyledButton>
      </div>
    </section>
  );
}
