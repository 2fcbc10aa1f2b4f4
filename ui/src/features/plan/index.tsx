import { Button, SegmentedControl, Select, Skeleton } from '@mantine/core';
import { Pencil, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanView } from '../../backend';
import { usePlacePenalties, usePlanPicture, usePlans } from '../../shared/data/plans';
import { Delayed, EmptyState, ErrorNotice } from '../../shared/parts';
import { useMayAct } from '../../shared/roles';
import { keepPlan, keptPlan } from './chosenPlan';
import { PlanEditor } from './editor/PlanEditor';
import classes from './Plan.module.css';
import { PlanNow } from './PlanNow';

const PERIODS = ['7', '30', '90', '366'] as const;
type Mode = 'people' | 'penalties';

/** The plan of a site (배치도): where the areas are, how full each is, and where penalties were imposed. */
export function PlanScreen() {
  const { t } = useTranslation('plan');
  const mayAct = useMayAct();
  const { data: plans, error, refetch, isLoading } = usePlans();
  const [chosenId, setChosenId] = useState(keptPlan);
  const [editing, setEditing] = useState<PlanView | 'new' | null>(null);
  const [mode, setMode] = useState<Mode>('people');
  const [days, setDays] = useState<string>('30');
  const plan = plans?.find(({ planId }) => planId === chosenId) ?? plans?.[0];
  const picture = usePlanPicture(plan);
  const penalties = usePlacePenalties(mode === 'penalties' ? Number(days) : null);
  const choose = (planId: string) => {
    setChosenId(planId);
    keepPlan(planId);
  };
  if (editing) {
    return (
      <PlanEditor
        plan={editing === 'new' ? null : editing}
        picture={editing === 'new' ? null : (picture.data ?? null)}
        onClose={() => setEditing(null)}
        onSaved={(planId) => {
          choose(planId);
          setEditing(null);
        }}
      />
    );
  }
  const isManager = mayAct('manager');
  const problem = error ?? picture.error ?? penalties.error;
  return (
    <div className={classes.screen} data-testid="plan-screen">
      <header className={classes.head}>
        <h1>{t('title')}</h1>
        {plan && plans && plans.length > 1 && (
          <Select
            aria-label={t('site')}
            data-testid="plan-site"
            allowDeselect={false}
            value={plan.planId}
            onChange={(value) => value && choose(value)}
            data={plans.map(({ planId, name }) => ({ value: planId, label: name }))}
          />
        )}
        {plan && (
          <SegmentedControl
            aria-label={t('mode')}
            data-testid="plan-mode"
            value={mode}
            onChange={(value) => setMode(value as Mode)}
            data={[
              { value: 'people', label: <span data-testid="plan-mode-people">{t('people')}</span> },
              { value: 'penalties', label: <span data-testid="plan-mode-penalties">{t('penalties')}</span> },
            ]}
          />
        )}
        {plan && mode === 'penalties' && (
          <Select
            aria-label={t('period')}
            data-testid="plan-period"
            allowDeselect={false}
            value={days}
            onChange={(value) => setDays(value ?? '30')}
            data={PERIODS.map((value) => ({ value, label: t(`days.${value}`) }))}
          />
        )}
        <span className={classes.grow} />
        {isManager && plan && (
          <Button
            variant="default"
            leftSection={<Pencil size={16} strokeWidth={1.75} />}
            data-testid="plan-edit"
            onClick={() => setEditing(plan)}
          >
            {t('edit')}
          </Button>
        )}
        {isManager && plans && plans.length > 0 && (
          <Button
            variant="default"
            leftSection={<Plus size={16} strokeWidth={1.75} />}
            data-testid="plan-new"
            onClick={() => setEditing('new')}
          >
            {t('new')}
          </Button>
        )}
      </header>
      {problem && (
        <div className={classes.notice}>
          <ErrorNotice error={problem} onRetry={() => void refetch()} />
        </div>
      )}
      {isLoading && (
        <Delayed>
          <div className={classes.notice}>
            <Skeleton height={320} />
          </div>
        </Delayed>
      )}
      {plans?.length === 0 && (
        <EmptyState
          action={
            isManager && (
              <Button
                size="md"
                variant="default"
                autoFocus
                data-testid="plan-first"
                onClick={() => setEditing('new')}
              >
                {t('draw')}
              </Button>
            )
          }
        >
          {t(isManager ? 'none' : 'noneForStaff')}
        </EmptyState>
      )}
      {plan && (mode === 'people' || penalties.data) && (
        <PlanNow
          plan={plan}
          picture={picture.data}
          penalties={mode === 'penalties' ? penalties.data : undefined}
        />
      )}
    </div>
  );
}
