import { Button, Checkbox } from '@mantine/core';
import { ArrowLeft } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type AppError,
  type ImportChoices,
  type ImportCounts,
  type ImportPreview,
  type LineAction,
  useBackend,
} from '../../backend';
import { useErrorWords } from '../../shared/errors';
import { formatNumber } from '../../shared/format';
import { useHotkeys } from '../../shared/hotkeys';
import { useJobs } from '../../shared/jobs';
import { Confirm, ErrorNotice, Kbd } from '../../shared/parts';
import { useWords } from '../../shared/words';
import classes from './Import.module.css';
import { ImportReading } from './ImportReading';
import { ImportRows } from './ImportRows';

/** Whether an import did something that can be taken back. */
const broughtAnything = (counts: ImportCounts | null): boolean =>
  counts !== null && counts.added + counts.points + counts.penaltyPoints > 0;

interface ImportViewProps {
  /** How the file was read at first. */
  first: ImportPreview;
  onOtherFile: () => void;
  onClose: () => void;
}

/** Previews a file to import, then imports it. Nothing is recorded before the user confirms. */
export function ImportView({ first, onOtherFile, onClose }: ImportViewProps) {
  const { t } = useTranslation('customers');
  const backend = useBackend();
  const { jobs, track } = useJobs();
  const errorWords = useErrorWords();
  const { clockOrDay } = useWords();
  const [preview, setPreview] = useState(first);
  const [jobId, setJobId] = useState<string | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const [onlyBad, setOnlyBad] = useState(first.good === 0);
  const [isTakingBack, setIsTakingBack] = useState(false);
  const job = jobs.find((one) => one.jobId === jobId);
  const canRun = preview.good > 0 && jobId === null && !isAsking;

  /** Asks the program for something, one thing at a time, and shows its error. */
  const ask = async (work: () => Promise<void>) => {
    setError(null);
    setIsAsking(true);
    try {
      await work();
    } catch (thrown) {
      setError(thrown as AppError);
    } finally {
      setIsAsking(false);
    }
  };
  const run = async () => {
    if (!canRun) return;
    await ask(async () => {
      const started = await backend.runImport(preview.previewId);
      track(started);
      setJobId(started.jobId);
    });
  };
  const choose = (choices: ImportChoices) =>
    ask(async () => {
      const revised = await backend.reviseImport({ previewId: preview.previewId, choices });
      setPreview(revised);
      if (revised.bad === 0) setOnlyBad(false);
    });
  const chooseLine = (line: number, action: LineAction) => {
    const others = (preview.choices.lines ?? []).filter((choice) => choice.line !== line);
    return choose({ ...preview.choices, lines: [...others, { line, action }] });
  };
  const saveBadLines = () =>
    ask(async () => {
      const saving = await backend.saveBadLines(preview.previewId);
      if (saving) track(saving);
    });
  const takeBack = () =>
    ask(async () => {
      setIsTakingBack(false);
      const [last] = await backend.imports();
      if (last) track(await backend.takeBackImport(last.importId));
      onClose();
    });
  const close = () => job?.state !== 'running' && onClose();
  useHotkeys({ 'Ctrl Enter': () => void run(), Escape: close });

  const status = (() => {
    if (!job) return jobId ? null : t('import.nothingYet');
    if (job.state === 'running') return t('import.running');
    if (job.state === 'done') {
      const { added, updated, points, penaltyPoints } = job.imported ?? preview.counts;
      return [
        t('import.done', { count: added, value: formatNumber(added) }),
        updated > 0 && t('import.updated', { count: updated, value: formatNumber(updated) }),
        points > 0 && t('import.broughtPoints', { value: formatNumber(points) }),
        penaltyPoints > 0 && t('import.broughtPenalty', { value: formatNumber(penaltyPoints) }),
      ]
        .filter(Boolean)
        .join(' ');
    }
    return job.state === 'cancelled' ? t('import.cancelled') : null;
  })();
  return (
    <div className={classes.view} data-testid="import-view">
      <header className={classes.head}>
        <Button
          variant="subtle"
          color="gray"
          className={classes.back ?? ''}
          aria-label={t('import.close')}
          onClick={close}
        >
          <ArrowLeft size={20} strokeWidth={1.75} />
        </Button>
        <div className={classes.titles}>
          <h1>{t('import.title')}</h1>
          <p className="one-line" title={preview.fileName} data-named data-selectable>
            {preview.fileName} · {preview.encoding ?? preview.sheet}
          </p>
        </div>
        <dl className={classes.figures}>
          <div>
            <dt>{t('import.good')}</dt>
            <dd data-testid="import-good" data-value={preview.good}>
              {formatNumber(preview.good)}
              <span className="unit">{t('import.people')}</span>
            </dd>
          </div>
          {preview.counts.skipped > 0 && (
            <div>
              <dt>{t('import.skipped')}</dt>
              <dd data-testid="import-skipped" data-value={preview.counts.skipped}>
                {formatNumber(preview.counts.skipped)}
                <span className="unit">{t('import.lines')}</span>
              </dd>
            </div>
          )}
          {preview.counts.points > 0 && (
            <div>
              <dt>{t('import.points')}</dt>
              <dd data-testid="import-points" data-value={preview.counts.points}>
                {formatNumber(preview.counts.points)}
                <span className="unit">P</span>
              </dd>
            </div>
          )}
          {preview.counts.penaltyPoints > 0 && (
            <div>
              <dt>{t('import.penaltyPoints')}</dt>
              <dd data-testid="import-penalty-points" data-value={preview.counts.penaltyPoints}>
                {formatNumber(preview.counts.penaltyPoints)}
                <span className="unit">{t('import.penaltyUnit')}</span>
              </dd>
            </div>
          )}
          <div data-bad={preview.bad > 0 || undefined}>
            <dt>{t('import.bad')}</dt>
            <dd data-testid="import-bad" data-value={preview.bad}>
              {formatNumber(preview.bad)}
              <span className="unit">{t('import.lines')}</span>
            </dd>
          </div>
        </dl>
      </header>
      {jobId === null && (
        <ImportReading preview={preview} isBusy={isAsking} onChoose={(all) => void choose(all)} />
      )}
      <div className={classes.bar}>
        <span className={classes.shown}>
          {preview.good === 0
            ? t(preview.counts.skipped > 0 && preview.bad === 0 ? 'import.allHere' : 'import.noneGood')
            : preview.rows.length < preview.good + preview.bad && t('import.shown')}
        </span>
        {preview.bad > 0 && jobId === null && (
          <Button
            variant="default"
            size="xs"
            disabled={isAsking}
            data-testid="import-save-bad"
            onClick={() => void saveBadLines()}
          >
            {t('import.saveBad')}
          </Button>
        )}
        {preview.bad > 0 && preview.good > 0 && (
          <Checkbox
            label={t('import.onlyBad')}
            checked={onlyBad}
            data-testid="import-only-bad"
            onChange={(event) => setOnlyBad(event.currentTarget.checked)}
          />
        )}
      </div>
      <ImportRows
        rows={onlyBad ? preview.rows.filter(({ problem }) => problem) : preview.rows}
        wordsOf={errorWords}
        onChoose={jobId === null && !isAsking ? (line, action) => void chooseLine(line, action) : null}
      />
      <footer className={classes.foot}>
        {preview.problem && <ErrorNotice error={preview.problem} />}
        {preview.importedBefore !== null && jobId === null && (
          <p className={classes.before} data-testid="import-before">
            {t('import.before', { time: clockOrDay(preview.importedBefore, Date.now()) })}
          </p>
        )}
        {error && <ErrorNotice error={error} />}
        {job?.state === 'failed' && job.error && <ErrorNotice error={job.error} />}
        <div className={classes.footLine}>
          <p role="status" data-testid="import-said" data-state={job?.state ?? 'preview'}>
            {status}
          </p>
          <Button size="md" variant="default" disabled={job?.state === 'running'} onClick={onOtherFile}>
            {t('import.chooseOther')}
          </Button>
          {job && job.state !== 'running' && broughtAnything(job.imported) && (
            <Button
              size="md"
              variant="default"
              data-testid="import-take-back"
              onClick={() => setIsTakingBack(true)}
            >
              {t('import.takeBack')}
            </Button>
          )}
          {job && job.state !== 'running' ? (
            <Button
              size="md"
              rightSection={<Kbd on="accent">Esc</Kbd>}
              data-testid="import-close"
              onClick={onClose}
            >
              {t('import.close')}
            </Button>
          ) : (
            <Button
              size="md"
              disabled={!canRun}
              loading={isAsking}
              rightSection={<Kbd on="accent">Ctrl Enter</Kbd>}
              data-testid="import-run"
              onClick={() => void run()}
            >
              {t('import.run', { value: formatNumber(preview.good), count: preview.good })}
            </Button>
          )}
        </div>
      </footer>
      {isTakingBack && (
        <Confirm
          title={t('import.takeBackTitle')}
          keep={t('import.keep')}
          confirm={t('import.takeBack')}
          isDangerous
          testId="import-take-back"
          onConfirm={() => void takeBack()}
          onClose={() => setIsTakingBack(false)}
        >
          <p>{t('import.takeBackText', { value: formatNumber(job?.imported?.added ?? 0) })}</p>
        </Confirm>
      )}
    </div>
  );
}
