import { useTranslation } from 'react-i18next';
import type { ContextView } from '../../../backend';
import { formatNumber } from '../../../shared/format';
import { useWords } from '../../../shared/words';
import { isNotSetUp, type ServiceMap } from '../graph/map';
import { useServiceWords } from '../words';
import { Breakers } from './Breakers';
import classes from './Pane.module.css';
import { NotSetUp, PaneHead, Rows, Section } from './parts';
import { Switch } from './Switch';
import { Traffic } from './Traffic';

interface Props {
  map: ServiceMap;
  context: ContextView;
  asOf: number;
}

/** A context: its state, its switch with what that means, what waits, and what went wrong last. */
export function ContextPane({ map, context, asOf }: Props) {
  const { t } = useTranslation('services');
  const words = useServiceWords();
  const { clockOrDay } = useWords();
  const { name, state, since } = context;
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
        {t(`since.${state}`, { time: clockOrDay(since, asOf) })}
      </PaneHead>
      <Switch context={context} />
      <Breakers map={map} of={name} asOf={asOf} />
      <Waiting context={context} />
      <Problems context={context} asOf={asOf} />
      <Traffic map={map} of={name} />
    </>
  );
}

function Waiting({ context: { name, lag, checkpoint } }: { context: ContextView }) {
  const { t } = useTranslation('services');
  if (name === 'pay') return null;
  const kind = name === 'publisher' || name === 'consumer' ? name : 'changes';
  return (
    <Section title={t('waiting.title')}>
      <Rows
        rows={[
          {
            label: t(`waiting.${kind}`),
            value: t('cases', { value: formatNumber(lag) }),
            testId: 'service-lag',
          },
          ...(checkpoint === null
            ? []
            : [
                {
                  label: t('waiting.checkpoint'),
                  value: `${formatNumber(checkpoint)} / ${formatNumber(checkpoint + lag)}`,
                  testId: 'service-checkpoint',
                },
              ]),
        ]}
      />
    </Section>
  );
}

/** The newest first: it says what is the matter now. */
function Problems({ context, asOf }: { context: ContextView; asOf: number }) {
  const { t } = useTranslation('services');
  const { clockOrDay } = useWords();
  const { errors, retries, restarts, setAside, lastErrors } = context;
  const counts = { errors, retries, restarts, setAside };
  const kinds = (['errors', 'retries', 'restarts', 'setAside'] as const).filter((kind) => counts[kind] > 0);
  return (
    <Section title={t('problems.title')}>
      {kinds.length > 0 && (
        <p className={classes.counts}>
          {kinds.map((kind) => t(`problems.${kind}`, { value: formatNumber(counts[kind]) })).join(' · ')}
        </p>
      )}
      {setAside > 0 && <p className={classes.hint}>{t('problems.setAsideText')}</p>}
      {lastErrors.length === 0 ? (
        <p className={classes.hint}>{t('problems.none')}</p>
      ) : (
        <ul className={classes.problems}>
          {[...lastErrors].reverse().map(({ at, detail }, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same error comes several times in one millisecond.
            <li key={`${at} ${place}`} data-testid="service-problem">
              <time>{clockOrDay(at, asOf)}</time>
              <span data-selectable>{detail}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
