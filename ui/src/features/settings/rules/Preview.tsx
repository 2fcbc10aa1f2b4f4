import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type PreviewedStandings, type RulesForm, type RulesPreview, useBackend } from '../../../backend';
import { formatNumber } from '../../../shared/format';
import { CustomerNameText, ErrorNotice, JobBar, Points } from '../../../shared/parts';
import { useWatchedJob } from '../../../shared/useWatchedJob';
import { useWords } from '../../../shared/words';
import { useDraft } from './fields';
import classes from './rules.module.css';

const GROUPS = ['prohibited', 'released', 'warned'] as const;

/** Counts from real data what the draft would change, as a job that can be stopped. */
export function Preview() {
  const { t } = useTranslation('rules');
  const backend = useBackend();
  const words = useWords();
  const { editor, form, isSaving, save } = useDraft();
  const [shown, setShown] = useState<{ preview: RulesPreview; of: RulesForm } | null>(null);
  const [asked, setAsked] = useState(form);
  const job = useWatchedJob(async () => {
    const preview = await backend.rulesPreview();
    if (preview) setShown({ preview, of: asked });
  });
  const run = () =>
    job.begin(async () => {
      // The program previews the draft that it has.
      if (isSaving) await save();
      setAsked(form);
      return backend.previewRules();
    });
  const preview = shown?.preview;
  return (
    <div className={classes.pane} data-testid="rules-preview">
      <h3>{t('preview.title')}</h3>
      <p className={classes.hint}>{t('preview.hint')}</p>
      <div className={classes.actions}>
        <Button
          size="md"
          variant="default"
          disabled={editor.problems.length > 0 || job.isRunning}
          data-testid="rules-preview-run"
          onClick={() => void run()}
        >
          {t('preview.run')}
        </Button>
        {job.isRunning && (
          <Button size="md" variant="default" data-testid="rules-preview-stop" onClick={job.cancel}>
            {t('preview.stop')}
          </Button>
        )}
      </div>
      {job.isRunning && <JobBar job={job.job} label={t('preview.running')} />}
      {job.error && <ErrorNotice error={job.error} />}
      {preview && (
        <div data-testid="rules-preview-found">
          {JSON.stringify(shown.of) !== JSON.stringify(form) && (
            <p className={classes.caution}>{t('preview.outdated')}</p>
          )}
          <p className={classes.hint}>
            {t('preview.asOf', {
              time: words.clockOrDay(preview.asOf, Date.now()),
              value: formatNumber(preview.customers),
            })}
          </p>
          <Standings title={t('preview.now')} testId="now" found={preview.now} />
          <Standings title={t('preview.next')} testId="next" found={preview.next} />
          <h4>{t('preview.points', { visits: formatNumber(preview.points.visits) })}</h4>
          <dl className={classes.changes}>
            <div>
              <dt>{t('preview.earned')}</dt>
              <dd>
                <Points value={preview.points.earned} />
              </dd>
            </div>
            <div>
              <dt>{t('preview.underDraft')}</dt>
              <dd data-testid="rules-preview-points">
                <Points value={preview.points.underDraft} />
              </dd>
            </div>
          </dl>
        </div>
      )}
    </div>
  );
}

function Standings({ title, testId, found }: { title: string; testId: string; found: PreviewedStandings }) {
  const { t } = useTranslation('rules');
  const isSame = GROUPS.every((name) => found[name].count === 0);
  return (
    <>
      <h4>{title}</h4>
      {isSame && <p className={classes.hint}>{t('preview.same')}</p>}
      {GROUPS.filter((name) => found[name].count > 0).map((name) => {
        const { count, customers } = found[name];
        return (
          <details key={name} className={classes.found} data-testid={`rules-preview-${testId}-${name}`}>
            <summary>
              {t(`preview.${name}`)} <b>{t('preview.people', { value: formatNumber(count) })}</b>
            </summary>
            <ul>
              {customers.map((customer) => (
                <li key={customer.customerId}>
                  <CustomerNameText customer={customer} />
                </li>
              ))}
            </ul>
            {count > customers.length && (
              <p className={classes.hint}>{t('preview.more', { value: formatNumber(customers.length) })}</p>
            )}
          </details>
        );
      })}
    </>
  );
}
