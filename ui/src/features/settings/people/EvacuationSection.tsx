import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { EvacuationContent } from '../../../backend';
import { ErrorNotice } from '../../../shared/parts';
import { useSession } from '../../../shared/session';
import { SectionHead } from '../Section';
import classes from '../Settings.module.css';
import { useSave } from '../useSave';

/** What the evacuation list of the lock screen shows, at all terminals. */
export function EvacuationSection() {
  const { t } = useTranslation('settings');
  const { evacuation } = useSession();
  const { save, error } = useSave();
  return (
    <>
      <SectionHead title={t('lock.evacuation')}>{t('lock.evacuationHint')}</SectionHead>
      <div className={classes.choice}>
        <span>{t('lock.shows')}</span>
        <SegmentedControl
          aria-label={t('lock.evacuation')}
          value={evacuation}
          onChange={(content) => void save({ type: 'saveEvacuation', content: content as EvacuationContent })}
          data={(['names', 'counts'] as const).map((value) => ({
            value,
            label: <span data-testid={`settings-evacuation-${value}`}>{t(`lock.${value}`)}</span>,
          }))}
        />
      </div>
      {error && <ErrorNotice error={error} />}
    </>
  );
}
