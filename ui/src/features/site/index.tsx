import { Button, Skeleton, UnstyledButton } from '@mantine/core';
import { LogOut, Printer } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AreaOccupancy, Command, CustomerName, Occupancy, Occupant, Outcome } from '../../backend';
import { useOccupancy } from '../../shared/data/queries';
import { EvacuationDialog } from '../../shared/evacuation/EvacuationDialog';
import { formatNumber } from '../../shared/format';
import { useHotkeys } from '../../shared/hotkeys';
import { CloseVisitDialog, EveryoneOutDialog } from '../../shared/inside/ConfirmDialogs';
import { FillBar } from '../../shared/inside/FillBar';
import { PersonRow } from '../../shared/inside/InsideRowView';
import { heightOfRow, peopleByAge } from '../../shared/inside/insideRows';
import { isFull } from '../../shared/inside/isFull';
import { useNavigation } from '../../shared/navigation';
import { NoticeCard } from '../../shared/notices/NoticeCard';
import { useNotices } from '../../shared/notices/useNotices';
import { Delayed, EmptyState, ErrorNotice, VirtualRows } from '../../shared/parts';
import { useCloseForScans } from '../../shared/scan';
import { customerAfter, type Step, UndoDialog, undoOf, useUndo, useUndoHistory } from '../../shared/undo';
import classes from './Site.module.css';

type SiteDialog =
  | { kind: 'everyoneOut'; area: AreaOccupancy }
  | { kind: 'closing'; occupant: Occupant; area: AreaOccupancy }
  | { kind: 'evacuation' }
  | { kind: 'step'; step: Step };

/** The site (현장): how full each area is, who is inside, the evacuation list, and everyone out. */
export function SiteScreen() {
  const { t } = useTranslation('site');
  const { go } = useNavigation();
  const { data, error, refetch, isLoading } = useOccupancy();
  const [dialog, setDialog] = useState<SiteDialog | null>(null);
  const notices = useNotices();
  const history = useUndoHistory();
  const undoing = useUndo({
    shown: notices.notice?.step ?? null,
    findLast: () => null,
    onDone: (outcome, step, reversed) =>
      notices.show(outcome, customerAfter(step.command, step.customer), reversed),
    onAsk: (step) => setDialog({ kind: 'step', step }),
    onNothing: notices.showNothing,
  });
  useHotkeys({
    undo: ({ repeat, shiftKey }) => void (repeat || (shiftKey ? undoing.redo() : undoing.undo())),
    redo: ({ repeat }) => void (repeat || undoing.redo()),
  });
  const close = () => setDialog(null);
  useCloseForScans(close);
  const done = (customer: CustomerName | null) => (outcome: Outcome, command: Command) => {
    const deed = { outcome, command, customer, at: Date.now() };
    history.noteDeed(deed);
    undoing.reset();
    notices.show(outcome, customer, undoOf(deed));
    close();
  };
  return (
    <div className={classes.screen} data-testid="site-screen">
      <header className={classes.head}>
        <h1>{t('title')}</h1>
        {data && (
          <span className={classes.total} data-testid="site-total">
            {t('total', { value: formatNumber(data.total), count: data.total })}
          </span>
        )}
        <Button
          variant="default"
          leftSection={<Printer size={16} strokeWidth={1.75} />}
          disabled={(data?.total ?? 0) === 0}
          data-testid="site-evacuation"
          onClick={() => setDialog({ kind: 'evacuation' })}
        >
          {t('evacuation')}
        </Button>
      </header>
      {error && (
        <div className={classes.error}>
          <ErrorNotice error={error} onRetry={() => void refetch()} />
        </div>
      )}
      {isLoading && (
        <Delayed>
          <div className={classes.error}>
            <Skeleton height={48} mb={12} />
            <Skeleton height={48} />
          </div>
        </Delayed>
      )}
      {data?.areas.length === 0 && (
        <EmptyState
          action={
            <Button size="md" variant="default" autoFocus onClick={() => go('areas')}>
              {t('addAreas')}
            </Button>
          }
        >
          {t('noAreas')}
        </EmptyState>
      )}
      {data && data.areas.length > 0 && <Areas data={data} onDialog={setDialog} />}
      <div className={classes.foot} role="status">
        {undoing.error && <ErrorNotice error={undoing.error} />}
        {notices.notice && (
          <NoticeCard notice={notices.notice} onStep={undoing.takeShown} isBusy={undoing.isPending} />
        )}
      </div>
      {dialog?.kind === 'evacuation' && <EvacuationDialog onClose={close} />}
      {dialog?.kind === 'step' && (
        <UndoDialog
          step={dialog.step}
          onClose={close}
          onDone={(outcome) => {
            undoing.taken(outcome, dialog.step);
            close();
          }}
        />
      )}
      {dialog?.kind === 'everyoneOut' && (
        <EveryoneOutDialog area={dialog.area} onClose={close} onDone={done(null)} />
      )}
      {dialog?.kind === 'closing' && (
        <CloseVisitDialog
          occupant={dialog.occupant}
          area={dialog.area}
          onClose={close}
          onDone={done(dialog.occupant.customer)}
        />
      )}
    </div>
  );
}

/** The areas, and the people in the chosen one, the longest stay first. */
function Areas({ data, onDialog }: { data: Occupancy; onDialog: (dialog: SiteDialog) => void }) {
  const { t } = useTranslation('site');
  const { go } = useNavigation();
  const [chosenId, setChosenId] = useState<string | null>(null);
  const chosen = data.areas.find(({ area }) => area.areaId === chosenId);
  const rows = peopleByAge(chosen ? [chosen] : data.areas);
  return (
    <div className={classes.columns}>
      <section className={classes.areas} aria-label={t('areas')}>
        <UnstyledButton
          className={classes.area}
          aria-pressed={!chosen}
          data-testid="site-all"
          onClick={() => setChosenId(null)}
        >
          <span className={classes.areaName}>{t('all')}</span>
          <span className={classes.fill}>{formatNumber(data.total)}</span>
        </UnstyledButton>
        {data.areas.map((occupancy) => (
          <AreaButton
            key={occupancy.area.areaId}
            occupancy={occupancy}
            isChosen={occupancy === chosen}
            onChoose={() => setChosenId(occupancy.area.areaId)}
          />
        ))}
      </section>
      <section className={classes.people} aria-label={chosen?.area.name ?? t('all')}>
        <header className={classes.peopleHead}>
          <h2 className="one-line" title={chosen?.area.name ?? t('all')} data-named>
            {chosen?.area.name ?? t('all')}
          </h2>
          {chosen && chosen.present > 0 && (
            <Button
              variant="default"
              leftSection={<LogOut size={16} strokeWidth={1.75} />}
              data-testid="site-everyone-out"
              onClick={() => onDialog({ kind: 'everyoneOut', area: chosen })}
            >
              {t('everyoneOut')}
            </Button>
          )}
        </header>
        {rows.length === 0 ? (
          <EmptyState
            action={
              <Button variant="default" onClick={() => go('desk')}>
                {t('toDesk')}
              </Button>
            }
          >
            {t(chosen ? 'nobodyHere' : 'nobody')}
          </EmptyState>
        ) : (
          <VirtualRows
            className={classes.list}
            label={chosen?.area.name ?? t('all')}
            rows={rows}
            keyOf={({ key }) => key}
            heightOf={heightOfRow}
            render={(row) => (
              <PersonRow
                row={row}
                onSelect={(customerId) => go('desk', customerId)}
                onCloseVisit={(occupant, area) => onDialog({ kind: 'closing', occupant, area })}
              />
            )}
          />
        )}
      </section>
    </div>
  );
}

interface AreaButtonProps {
  occupancy: AreaOccupancy;
  isChosen: boolean;
  onChoose: () => void;
}

function AreaButton({ occupancy, isChosen, onChoose }: AreaButtonProps) {
  const { t } = useTranslation('site');
  const { area, present } = occupancy;
  const full = isFull(occupancy);
  const fill =
    area.capacity === null
      ? formatNumber(present)
      : t('fill', { present: formatNumber(present), capacity: formatNumber(area.capacity) });
  return (
    <UnstyledButton
      className={classes.area}
      aria-pressed={isChosen}
      data-full={full || undefined}
      data-testid="site-area"
      onClick={onChoose}
    >
      <span className={`one-line ${classes.areaName}`} title={area.name} data-named>
        {area.name}
      </span>
      <span className={classes.fill}>
        {full && <>{t('full')} </>}
        {fill}
      </span>
      <FillBar occupancy={occupancy} className={classes.bar} />
    </UnstyledButton>
  );
}
