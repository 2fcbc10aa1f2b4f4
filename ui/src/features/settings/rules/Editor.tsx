import { Button, Checkbox, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LapseForm, RulesEditor as View } from '../../../backend';
import { ErrorNotice } from '../../../shared/parts';
import { useSessionState } from '../../../shared/session';
import { DoneNotice } from '../Section';
import { Codes } from './Codes';
import { DraftProvider, NumberField, OptionalField } from './fields';
import { Grounds } from './Grounds';
import { History } from './History';
import { Levels } from './Levels';
import { Notices } from './Notices';
import { Preview } from './Preview';
import { PublishDialog } from './PublishDialog';
import classes from './rules.module.css';
import { useRulesDraft } from './useRulesDraft';

const HOW: LapseForm['how'][] = ['fixed', 'quiet'];
const LAPSE_PROPOSED: LapseForm = { days: '365', how: 'fixed' };

/** The rules for the manager: edited as a draft of this terminal, previewed, and published for all. */
export function Editor({ initial }: { initial: View }) {
  const { t } = useTranslation('rules');
  const draft = useRulesDraft(initial);
  const { restart } = useSessionState();
  const [publishing, setPublishing] = useState<View | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const { form, editor, change, isLocked } = draft;
  const { problems } = editor;

  const ask = async () => {
    setSaid(null);
    const saved = await draft.save();
    if (saved && saved.problems.length === 0) setPublishing(saved);
    else if (saved) toProblem(saved.problems[0]?.field);
  };
  const published = async (generation: number) => {
    setPublishing(null);
    await draft.reload();
    await restart();
    setSaid(t('publish.done', { generation }));
  };
  return (
    <DraftProvider value={draft}>
      <Notices />
      <fieldset className={classes.group}>
        <legend>{t('group.visits')}</legend>
        <NumberField
          path="pointsPerVisit"
          stored="points_per_visit"
          label={t('field.pointsPerVisit')}
          unit="points"
          value={form.pointsPerVisit}
          onChange={(pointsPerVisit) => change({ pointsPerVisit })}
        />
        <OptionalField
          path="dailyCap"
          stored="daily_cap"
          label={t('field.dailyCap')}
          unit="points"
          value={form.dailyCap}
          proposed="300"
          onChange={(dailyCap) => change({ dailyCap })}
        />
        <OptionalField
          path="minimumStayMinutes"
          stored="minimum_stay_minutes"
          label={t('field.minimumStayMinutes')}
          unit="minutes"
          value={form.minimumStayMinutes}
          proposed="3"
          onChange={(minimumStayMinutes) => change({ minimumStayMinutes })}
        />
        <NumberField
          path="forgottenAfterHours"
          stored="forgotten_after_hours"
          label={t('field.forgottenAfterHours')}
          unit="hours"
          value={form.forgottenAfterHours}
          onChange={(forgottenAfterHours) => change({ forgottenAfterHours })}
        />
      </fieldset>
      <fieldset className={classes.group}>
        <legend>{t('group.codes')}</legend>
        <Codes />
      </fieldset>
      <fieldset className={classes.group}>
        <legend>{t('group.levels')}</legend>
        <Levels />
      </fieldset>
      <fieldset className={classes.group}>
        <legend>{t('group.grounds')}</legend>
        <Grounds />
      </fieldset>
      <fieldset className={classes.group}>
        <legend>{t('group.time')}</legend>
        <OptionalField
          path="lapse.days"
          stored="lapse"
          label={t('field.lapseDays')}
          unit="days"
          value={form.lapse?.days ?? null}
          proposed={LAPSE_PROPOSED.days}
          onChange={(days) =>
            change({ lapse: days === null ? null : { ...(form.lapse ?? LAPSE_PROPOSED), days } })
          }
        />
        {form.lapse && (
          <NativeSelect
            className={classes.number ?? ''}
            label={t('field.lapseHow')}
            value={form.lapse.how}
            data={HOW.map((value) => ({ value, label: t(`how.${value}`) }))}
            data-testid="rules-lapse.how"
            onChange={(event) => {
              const how = event.currentTarget.value as LapseForm['how'];
              change({ lapse: { ...(form.lapse ?? LAPSE_PROPOSED), how } });
            }}
          />
        )}
        <OptionalField
          path="expiryMonths"
          stored="expiry_months"
          label={t('field.expiryMonths')}
          unit="months"
          value={form.expiryMonths}
          proposed="12"
          onChange={(expiryMonths) => change({ expiryMonths })}
        />
        <NumberField
          path="voidWindowMinutes"
          stored="void_window_minutes"
          label={t('field.voidWindowMinutes')}
          unit="minutes"
          value={form.voidWindowMinutes}
          onChange={(voidWindowMinutes) => change({ voidWindowMinutes })}
        />
        <OptionalField
          path="supervisorVoidWindowMinutes"
          stored="supervisor_void_window_minutes"
          label={t('field.supervisorVoidWindowMinutes')}
          unit="minutes"
          value={form.supervisorVoidWindowMinutes}
          proposed="1440"
          offLabel={t('noLimit')}
          onChange={(supervisorVoidWindowMinutes) => change({ supervisorVoidWindowMinutes })}
        />
        <NumberField
          path="enterAfterwardsDays"
          stored="enter_afterwards_days"
          label={t('field.enterAfterwardsDays')}
          unit="days"
          value={form.enterAfterwardsDays}
          onChange={(enterAfterwardsDays) => change({ enterAfterwardsDays })}
        />
        <NumberField
          path="staleAfterHours"
          stored="stale_after_hours"
          label={t('field.staleAfterHours')}
          unit="hours"
          value={form.staleAfterHours}
          onChange={(staleAfterHours) => change({ staleAfterHours })}
        />
      </fieldset>
      <fieldset className={classes.group}>
        <legend>{t('group.others')}</legend>
        <OptionalField
          path="pricePerPenaltyPoint"
          stored="price_per_penalty_point"
          label={t('field.pricePerPenaltyPoint')}
          unit="points"
          value={form.pricePerPenaltyPoint}
          proposed="50"
          onChange={(pricePerPenaltyPoint) => change({ pricePerPenaltyPoint })}
        />
        <Checkbox
          label={t('field.unknownAreasAllowed')}
          checked={form.unknownAreasAllowed}
          disabled={isLocked('unknown_areas_allowed')}
          data-testid="rules-unknownAreasAllowed"
          onChange={(event) => change({ unknownAreasAllowed: event.currentTarget.checked })}
        />
      </fieldset>
      {draft.saveError && <ErrorNotice error={draft.saveError} onRetry={() => void draft.save()} />}
      <Preview />
      {problems.length > 0 && (
        <p className={classes.problem} role="alert" data-testid="rules-problems">
          {t('problem.summary', { count: problems.length })}{' '}
          <Button size="xs" variant="default" onClick={() => toProblem(problems[0]?.field)}>
            {t('problem.toFirst')}
          </Button>
        </p>
      )}
      <div className={classes.actions}>
        <Button size="md" data-testid="rules-publish" onClick={() => void ask()}>
          {t('publish.button')}
        </Button>
      </div>
      <DoneNotice>{said}</DoneNotice>
      <History />
      {publishing && (
        <PublishDialog
          editor={publishing}
          onClose={() => setPublishing(null)}
          onPublished={(generation) => void published(generation)}
        />
      )}
    </DraftProvider>
  );
}

/** Puts the focus into the field with a problem. */
function toProblem(field: string | undefined): void {
  if (field === undefined) return;
  const found = document.querySelector<HTMLElement>(`[data-testid="${CSS.escape(`rules-${field}`)}"]`);
  found?.focus();
  found?.scrollIntoView?.({ block: 'center' });
}
