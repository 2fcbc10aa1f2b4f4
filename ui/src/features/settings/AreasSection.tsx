import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Area } from '../../backend';
import { useOccupancy } from '../../shared/data/queries';
import { formatNumber } from '../../shared/format';
import { useNavigation } from '../../shared/navigation';
import { Confirm, EmptyState, ErrorNotice, Kbd } from '../../shared/parts';
import { useSession } from '../../shared/session';
import { AreaFields } from './AreaFields';
import { DoneNotice, SectionHead } from './Section';
import classes from './Settings.module.css';
import { useSave } from './useSave';

/** Lists the areas, in the order of their number keys at the desk. Enter in the inputs for a new area adds it. */
export function AreasSection() {
  const { t } = useTranslation('settings');
  const { areas } = useSession();
  const { go } = useNavigation();
  const { data: occupancy } = useOccupancy();
  const { save, error, clear, isSaving } = useSave();
  const [editing, setEditing] = useState<string | null>(null);
  const [retiring, setRetiring] = useState<Area | null>(null);
  const [message, setMessage] = useState<string | null>(null);
  const presentIn = (areaId: string) =>
    occupancy?.areas.find(({ area }) => area.areaId === areaId)?.present ?? 0;

  const retire = async (area: Area) => {
    setMessage(null);
    const outcome = await save({ type: 'retireArea', areaId: area.areaId });
    setRetiring(null);
    if (outcome) setMessage(t('areas.retired', { name: area.name }));
  };
  const line = (area: Area, index: number) => {
    if (editing === area.areaId) {
      return (
        <AreaFields
          areaId={area.areaId}
          initial={{ name: area.name, capacity: area.capacity === null ? '' : String(area.capacity) }}
          onSaved={() => {
            setEditing(null);
            setMessage(t('saved'));
          }}
          onCancel={() => setEditing(null)}
        />
      );
    }
    const present = presentIn(area.areaId);
    return (
      <div className={classes.area}>
        <Kbd>{index + 1}</Kbd>
        <b className="one-line" title={area.name} data-named>
          {area.name}
        </b>
        <span className={classes.areaInside}>
          {present > 0 && t('areas.inside', { value: formatNumber(present), count: present })}
        </span>
        <span className={classes.areaCapacity}>
          {area.capacity === null
            ? t('areas.unlimited')
            : t('areas.people', { value: formatNumber(area.capacity), count: area.capacity })}
        </span>
        <Button
          size="xs"
          variant="default"
          data-testid="settings-area-edit"
          onClick={() => {
            setMessage(null);
            setEditing(area.areaId);
          }}
        >
          {t('areas.edit')}
        </Button>
        <Button
          size="xs"
          variant="default"
          data-testid="settings-area-retire"
          onClick={() => {
            clear();
            setRetiring(area);
          }}
        >
          {t('areas.retire')}
        </Button>
      </div>
    );
  };
  return (
    <>
      <SectionHead title={t('areas.title')}>{t('areas.hint')}</SectionHead>
      {areas.length === 0 && <EmptyState>{t('areas.empty')}</EmptyState>}
      <ol className={classes.areas}>
        {areas.map((area, index) => (
          <li key={area.areaId} data-testid="settings-area" data-name={area.name}>
            {line(area, index)}
          </li>
        ))}
      </ol>
      {error && (
        <ErrorNotice error={error}>
          {error.code === 'area_occupied' && (
            <Button size="xs" variant="default" onClick={() => go('desk')}>
              {t('areas.toDesk')}
            </Button>
          )}
        </ErrorNotice>
      )}
      <AreaFields
        initial={{ name: '', capacity: '' }}
        onSaved={(name) => setMessage(t('areas.added', { name }))}
      />
      <DoneNotice>{message}</DoneNotice>
      {retiring && (
        <Confirm
          title={t('areas.retireTitle', { name: retiring.name })}
          keep={t('areas.keep')}
          confirm={t('areas.retireConfirm')}
          isBusy={isSaving}
          testId="settings-area-retire-confirm"
          onConfirm={() => void retire(retiring)}
          onClose={() => setRetiring(null)}
        >
          <p>{t('areas.retireExplain')}</p>
        </Confirm>
      )}
    </>
  );
}
