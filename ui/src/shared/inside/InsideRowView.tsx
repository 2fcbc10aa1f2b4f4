import { ActionIcon, Tooltip, UnstyledButton } from '@mantine/core';
import { ChevronDown, ChevronRight, ClockAlert, LogOut } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { AreaOccupancy, Occupant } from '../../backend';
import { shortAreaName } from '../areaName';
import { formatNumber } from '../format';
import { useNavigation } from '../navigation';
import { CustomerNameText, Kbd } from '../parts';
import { useNow } from '../time';
import { useWords } from '../words';
import { FillBar } from './FillBar';
import classes from './inside.module.css';
import type { InsideRow, PersonInside } from './insideRows';
import { isFull } from './isFull';

interface Props {
  row: InsideRow;
  /** Folds or unfolds an area. */
  onTurn: (areaId: string) => void;
  onEveryoneOut: (occupancy: AreaOccupancy) => void;
  onSelect: (customerId: string) => void;
  onCloseVisit: (occupant: Occupant, occupancy: AreaOccupancy) => void;
}

export function InsideRowView({ row, onTurn, onEveryoneOut, onSelect, onCloseVisit }: Props) {
  const { t } = useTranslation('desk');
  switch (row.kind) {
    case 'area':
      return <AreaRow row={row} onTurn={onTurn} onEveryoneOut={onEveryoneOut} />;
    case 'person':
      return <PersonRow row={row} onSelect={onSelect} onCloseVisit={onCloseVisit} />;
    case 'nobody':
      return <p className={classes.nobody}>{t('inside.nobody')}</p>;
    case 'space':
      return <div className={classes.space} />;
  }
}

type AreaRowProps = Pick<Props, 'onTurn' | 'onEveryoneOut'> & { row: Extract<InsideRow, { kind: 'area' }> };

function AreaRow({ row, onTurn, onEveryoneOut }: AreaRowProps) {
  const { t } = useTranslation('desk');
  const { occupancy, number, isFolded } = row;
  const Chevron = isFolded ? ChevronRight : ChevronDown;
  const { area, present } = occupancy;
  const full = isFull(occupancy);
  return (
    <div className={classes.area} data-testid="area" data-area={area.areaId} data-full={full || undefined}>
      <div className={classes.areaHead}>
        <Kbd>{number}</Kbd>
        <h3>
          <UnstyledButton
            className={classes.turn}
            aria-expanded={!isFolded}
            data-testid="area-turn"
            onClick={() => onTurn(area.areaId)}
          >
            <span className="one-line" title={area.name} data-named>
              {area.name}
            </span>
            <Chevron size={14} strokeWidth={2} aria-hidden />
          </UnstyledButton>
        </h3>
        {present > 0 && (
          <Tooltip label={t('inside.checkOutAll')}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={24}
              className={classes.allOut}
              aria-label={`${area.name} ${t('inside.checkOutAll')}`}
              data-testid="everyone-out"
              onClick={() => onEveryoneOut(occupancy)}
            >
              <LogOut size={16} strokeWidth={1.75} />
            </ActionIcon>
          </Tooltip>
        )}
        <span className={classes.fill} data-testid="area-fill">
          {area.capacity === null
            ? t('inside.unlimited', { present: formatNumber(present) })
            : t('inside.fill', {
                present: formatNumber(present),
                capacity: formatNumber(area.capacity),
              })}
        </span>
      </div>
      <FillBar occupancy={occupancy} className={classes.bar} />
    </div>
  );
}

interface PersonRowProps extends Pick<Props, 'onCloseVisit' | 'onSelect'> {
  row: PersonInside;
}

/** Somebody inside, with the area if asked for, and a button to close a forgotten visit. */
export function PersonRow({ row, onSelect, onCloseVisit }: PersonRowProps) {
  const { t } = useTranslation('desk');
  const { customerId } = useNavigation();
  const { clockOrDay, duration } = useWords();
  const now = useNow();
  const { occupant, occupancy, showArea } = row;
  const { customer, since, forgotten } = occupant;
  return (
    <div
      className={classes.person}
      data-testid="occupant"
      data-visit={occupant.visitId}
      data-forgotten={forgotten || undefined}
      data-flat={showArea || undefined}
      data-active={customer.customerId === customerId || undefined}
    >
      <UnstyledButton className={classes.personMain} onClick={() => onSelect(customer.customerId)}>
        <span className={classes.personName}>
          <CustomerNameText customer={customer} />
          {showArea && (
            <span className={`one-line ${classes.personArea}`} title={occupancy.area.name} data-named>
              {shortAreaName(occupancy.area.name)}
            </span>
          )}
        </span>
        <span className={classes.since}>{clockOrDay(since, now)}</span>
        <span className={classes.minutes}>{duration(since, now)}</span>
      </UnstyledButton>
      {forgotten && (
        <div className={classes.forgotten}>
          <ClockAlert size={14} strokeWidth={2} aria-hidden />
          <span>{t('inside.forgotten')}</span>
          <UnstyledButton
            className={classes.closeVisit}
            data-testid="close-visit"
            onClick={() => onCloseVisit(occupant, occupancy)}
          >
            {t('inside.closeVisit')}
          </UnstyledButton>
        </div>
      )}
    </div>
  );
}
