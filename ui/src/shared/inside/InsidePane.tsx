import { Button, CloseButton, SegmentedControl, Skeleton } from '@mantine/core';
import { Printer } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AreaOccupancy, Occupant } from '../../backend';
import { useOccupancy } from '../data/queries';
import { formatNumber } from '../format';
import { useNavigation } from '../navigation';
import { Delayed, EmptyState, ErrorNotice, VirtualRows } from '../parts';
import { InsideRowView } from './InsideRowView';
import classes from './inside.module.css';
import { FOLDED_FROM, heightOfRow, rowsByAge, rowsByArea } from './insideRows';

interface Props {
  /** Whether the drawer is open. In a wide window the pane is always shown. */
  isOpen: boolean;
  onClose: () => void;
  onEveryoneOut: (occupancy: AreaOccupancy) => void;
  onCloseVisit: (occupant: Occupant, occupancy: AreaOccupancy) => void;
  onEvacuation: () => void;
}

type View = 'area' | 'age';

/** Lists everyone inside. In a narrow window this is a drawer. */
export function InsidePane({ isOpen, onClose, onEveryoneOut, onCloseVisit, onEvacuation }: Props) {
  const { t } = useTranslation('desk');
  const { go, selectCustomer } = useNavigation();
  const { data, error, refetch, isLoading } = useOccupancy();
  const [view, setView] = useState<View>('area');
  /** The areas that are folded or unfolded, other than at first. */
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  const isCrowded = (data?.total ?? 0) >= FOLDED_FROM;
  const rows = useMemo(() => {
    if (!data) return [];
    return view === 'area' ? rowsByArea(data, (areaId) => turned.has(areaId) !== isCrowded) : rowsByAge(data);
  }, [data, view, turned, isCrowded]);
  const turn = (areaId: string) =>
    setTurned((now) => new Set(now.has(areaId) ? [...now].filter((id) => id !== areaId) : [...now, areaId]));
  return (
    <section
      className={classes.pane}
      aria-label={t('inside.title')}
      data-testid="inside-pane"
      data-opened={isOpen || undefined}
    >
      <header className={classes.head}>
        <h2>
          {t('inside.title')}{' '}
          <span data-testid="inside-total">
            {data && t('inside.people', { value: formatNumber(data.total) })}
          </span>
        </h2>
        <SegmentedControl
          value={view}
          onChange={(value) => setView(value as View)}
          aria-label={t('inside.view')}
          data={[
            { value: 'area', label: t('inside.byArea') },
            { value: 'age', label: t('inside.longest') },
          ]}
        />
        <CloseButton
          className={classes.close ?? ''}
          aria-label={t('inside.close')}
          data-testid="inside-close"
          onClick={onClose}
        />
      </header>
      {error && (
        <div className={classes.error}>
          <ErrorNotice error={error} onRetry={() => void refetch()} />
        </div>
      )}
      {isLoading && (
        <Delayed>
          <div className={classes.error}>
            <Skeleton height={20} width="60%" mb={12} />
            <Skeleton height={14} mb={12} />
            <Skeleton height={14} mb={12} />
          </div>
        </Delayed>
      )}
      {data?.areas.length === 0 && (
        <EmptyState
          action={
            <Button variant="default" onClick={() => go('areas')}>
              {t('inside.toSettings')}
            </Button>
          }
        >
          {t('inside.noAreas')}
        </EmptyState>
      )}
      {view === 'age' && data?.total === 0 && data.areas.length > 0 && (
        <EmptyState>{t('inside.empty')}</EmptyState>
      )}
      <VirtualRows
        className={classes.list}
        label={t('inside.title')}
        rows={rows}
        keyOf={(row) => row.key}
        heightOf={heightOfRow}
        render={(row) => (
          <InsideRowView
            row={row}
            onTurn={turn}
            onEveryoneOut={onEveryoneOut}
            onSelect={selectCustomer}
            onCloseVisit={onCloseVisit}
          />
        )}
      />
      <footer className={classes.foot}>
        {(data?.total ?? 0) > 0 && (
          <Button
            variant="subtle"
            color="gray"
            size="xs"
            className={classes.print}
            leftSection={<Printer size={16} strokeWidth={1.75} />}
            data-testid="evacuation"
            onClick={onEvacuation}
          >
            {t('inside.print')}
          </Button>
        )}
      </footer>
    </section>
  );
}
