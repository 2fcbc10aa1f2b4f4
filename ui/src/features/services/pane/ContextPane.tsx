import { useTranslation } from 'react-i18next';
import type { ContextView } from '../../../backend';
import { formatNumber } from '../../../shared/format';
import { useWords } from '../../../shared/words';
import { isNotSetUp, type ServiceMap } from '../graph/map';
import { useProgramTime } from '../useProgramTime';
import { useServiceWords } from '../words';
import { Breakers } from './Breakers';
import { Problems } from './Problems';
import { NotSetUp, PaneHead, Rows, Section, timeAndAge } from './parts';
import classes from './ServicePane.module.css';
import { StopOrStart } from './StopOrStart';
import { Traffic } from './Traffic';

interface Props {
  map: ServiceMap;
  context: ContextView;
  asOf: number;
}

/** A context: its state, the stop and start button, breakers, backlog, recent errors and traffic. */
export function ContextPane({ map, context, asOf }: Props) {
  const { t } = useTranslation('services');
  const words = useServiceWords();
  const { clockOrDay } = useWords();
  const now = useProgramTime(asOf);
  const { name, state, since, stoppedBy } = context;
  const shown = words.context(context, map);
  if (isNotSetUp(map, name) && (name === 'publisher' || name === 'consumer')) {
    return (
      <>
        <PaneHead title={words.nameOf(name)} shown={shown} />
        <NotSetUp>{t(`notSetUp.${name}`)}</NotSetUp>
      </>
    );
  }
  return (
    <>
      <PaneHead title={words.nameOf(name)} shown={shown}>
        {stoppedBy
          ? words.stoppedBy(stoppedBy, asOf)
          : t(`since.${state}`, { time: clockOrDay(since, asOf) })}
      </PaneHead>
      <StopReasonOrRetry context={context} now={now} />
      <StopOrStart context={context} />
      <Breakers map={map} of={name} asOf={now} />
      <Backlog context={context} asOf={asOf} />
      <Problems context={context} asOf={asOf} />
      <Traffic map={map} of={name} />
    </>
  );
}

/** The reason for a stop, or the time of the next retry while the context is failing. */
function StopReasonOrRetry({ context, now }: { context: ContextView; now: number }) {
  const { t } = useTranslation('services');
  const { stoppedBy, attempt, nextAttemptAt } = context;
  if (stoppedBy?.reason) {
    return (
      <p className={classes.why} data-testid="service-why" data-selectable>
        {t('stopped.reason', { reason: stoppedBy.reason })}
      </p>
    );
  }
  if (attempt === null) return null;
  const seconds = nextAttemptAt === null ? 0 : Math.ceil((nextAttemptAt - now) / 1_000);
  const value = formatNumber(attempt);
  return (
    <p className={classes.why} data-testid="service-attempt">
      {seconds > 0 ? t('attempt.in', { value, seconds: formatNumber(seconds) }) : t('attempt.now', { value })}
    </p>
  );
}

function Backlog({ context, asOf }: { context: ContextView; asOf: number }) {
  const { t } = useTranslation('services');
  const { ago, clockOrDay } = useWords();
  const { name, lag, checkpoint, oldestWaitingAt, visitsWaiting } = context;
  if (name === 'pay') return null;
  const kind = name === 'publisher' || name === 'consumer' ? name : 'changes';
  const since = (at: number) => timeAndAge(clockOrDay(at, asOf), ago(at, asOf));
  const rows = [
    { label: t(`waiting.${kind}`), value: t('cases', { value: formatNumber(lag) }), testId: 'service-lag' },
  ];
  if (oldestWaitingAt !== null) {
    rows.push({ label: t('waiting.oldest'), value: since(oldestWaitingAt), testId: 'service-oldest' });
  }
  if (visitsWaiting !== null) {
    const { count, more, oldestAt } = visitsWaiting;
    const value = t(more ? 'waiting.more' : 'cases', { value: formatNumber(count) });
    rows.push({ label: t('waiting.visits'), value, testId: 'service-visits' });
    rows.push({ label: t('waiting.oldestVisit'), value: since(oldestAt), testId: 'service-oldest-visit' });
  }
  if (checkpoint !== null) {
    const value = `${formatNumber(checkpoint)} / ${formatNumber(checkpoint + lag)}`;
    rows.push({ label: t('waiting.checkpoint'), value, testId: 'service-checkpoint' });
  }
  return (
    <Section title={t('waiting.title')}>
      <Rows rows={rows} />
    </Section>
  );
}
