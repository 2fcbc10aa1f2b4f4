import { ActionIcon, Button } from '@mantine/core';
import { CircleCheck, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../shared/format';
import { useHotkeys } from '../../shared/hotkeys';
import { useNavigation } from '../../shared/navigation';
import { ErrorNotice, Kbd } from '../../shared/parts';
import { useSession } from '../../shared/session';
import classes from './Late.module.css';
import { LineFields } from './LineFields';
import { isBlank, type Line } from './lines';
import { type Problem, useSheet } from './useSheet';

const HURRIED_MS = 500;

/** Enters afterwards what was written on paper: a sheet of lines, filled in with the keyboard alone. */
export function LateScreen() {
  const { t } = useTranslation('late');
  const { go } = useNavigation();
  const { rules } = useSession();
  const sheet = useSheet();
  const { lines, problems, progress } = sheet;
  const form = useRef<HTMLFormElement>(null);
  const filled = lines.filter((line) => !isBlank(line));
  const open = filled.filter((line) => line.done === null);
  const isOver = filled.length > 0 && open.length === 0;

  const submit = async () => {
    const first = await sheet.submit();
    // The first field that needs somebody, once its error is shown.
    if (first) {
      requestAnimationFrame(() => {
        const line = form.current?.querySelector(`[data-line="${first}"]`);
        const field =
          line?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? line?.querySelector('input');
        field?.focus();
      });
    }
  };
  // The second of two hurried presses doesn't clear what the first one has just recorded.
  const overSince = useRef<number | null>(null);
  useEffect(() => {
    overSince.current = isOver ? performance.now() : null;
  }, [isOver]);
  const clear = () => {
    if (performance.now() - (overSince.current ?? 0) >= HURRIED_MS) sheet.clear();
  };
  useHotkeys({
    'Ctrl Enter': () => (isOver ? clear() : void submit()),
    Escape: () => go('review'),
  });

  return (
    <div className={classes.screen} data-testid="late-screen">
      <form
        ref={form}
        className={classes.sheet}
        data-busy={progress !== null || undefined}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <header className={classes.head}>
          <div className={classes.headText}>
            <h1 className={classes.title}>{t('title')}</h1>
            <p>{t('about', { days: formatNumber(rules.enterAfterwardsDays) })}</p>
          </div>
          <Button
            variant="default"
            size="md"
            rightSection={<Kbd>Esc</Kbd>}
            data-testid="late-back"
            onClick={() => go('review')}
          >
            {t('back')}
          </Button>
        </header>
        <ol className={classes.lines}>
          {lines.map((line, index) => (
            <li
              key={line.id}
              className={classes.line}
              data-line={line.id}
              data-done={line.done !== null || undefined}
            >
              <span className={classes.number}>{index + 1}</span>
              <div className={classes.fields}>
                <LineFields
                  line={line}
                  number={index + 1}
                  missing={missingOf(problems.get(line.id))}
                  onChange={sheet.change}
                />
                <LineState line={line} onRemove={() => sheet.remove(line.id)} />
              </div>
              <LineError problem={problems.get(line.id)} />
            </li>
          ))}
        </ol>
        <footer className={classes.foot}>
          <p role="status" data-testid="late-status">
            {progress
              ? t('progress', { done: formatNumber(progress.done), of: formatNumber(progress.of) })
              : isOver
                ? t('allDone', { value: formatNumber(filled.length) })
                : t('count', { value: formatNumber(open.length) })}
          </p>
          {progress && (
            <Button
              variant="default"
              size="md"
              disabled={sheet.stopping}
              data-testid="late-stop"
              onClick={sheet.stop}
            >
              {t('stop')}
            </Button>
          )}
          {isOver ? (
            <Button
              key="clear"
              size="md"
              rightSection={<Kbd on="accent">Ctrl Enter</Kbd>}
              data-testid="late-clear"
              onClick={clear}
            >
              {t('next')}
            </Button>
          ) : (
            <Button
              type="submit"
              size="md"
              loading={progress !== null}
              disabled={open.length === 0}
              rightSection={<Kbd {...(open.length > 0 ? { on: 'accent' as const } : {})}>Ctrl Enter</Kbd>}
              data-testid="late-submit"
            >
              {t('submit', { value: formatNumber(open.length) })}
            </Button>
          )}
        </footer>
      </form>
    </div>
  );
}

const missingOf = (problem: Problem | undefined) =>
  problem && 'missing' in problem ? problem.missing : null;

function LineState({ line, onRemove }: { line: Line; onRemove: () => void }) {
  const { t } = useTranslation('late');
  if (line.done) {
    const { points, earned } = line.done;
    return (
      <span className={classes.done} data-testid="late-done">
        <CircleCheck size={20} strokeWidth={1.75} aria-hidden />
        {earned
          ? points === null
            ? t('doneNothing')
            : t('doneEarned', { points: formatNumber(points) })
          : t('done')}
      </span>
    );
  }
  if (isBlank(line)) return null;
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      className={classes.remove ?? ''}
      tabIndex={-1}
      aria-label={t('remove')}
      onClick={onRemove}
    >
      <X size={16} strokeWidth={1.75} aria-hidden />
    </ActionIcon>
  );
}

function LineError({ problem }: { problem: Problem | undefined }) {
  if (!problem || !('error' in problem)) return null;
  return (
    <div className={classes.error}>
      <ErrorNotice error={problem.error} />
    </div>
  );
}
