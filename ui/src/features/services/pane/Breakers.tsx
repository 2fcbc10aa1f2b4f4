import { Plug, Unplug } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { BreakerView, ContextName } from '../../../backend';
import { formatNumber } from '../../../shared/format';
import { useWords } from '../../../shared/words';
import type { ServiceMap } from '../graph/map';
import { useServiceWords } from '../words';
import classes from './Pane.module.css';
import { Section } from './parts';

/** The breakers of calls to point: a caller's own, and at point those of all its callers. */
export function Breakers({ map, of, asOf }: { map: ServiceMap; of: ContextName; asOf: number }) {
  const { t } = useTranslation('services');
  const { nameOf } = useServiceWords();
  const found = [...map.contexts.values()].flatMap(({ name, breaker }) =>
    breaker && (name === of || of === 'point') ? [{ name, breaker }] : [],
  );
  if (found.length === 0) return null;
  return (
    <Section title={t('breaker.title')}>
      <ul className={classes.list}>
        {found.map(({ name, breaker }) => (
          <li key={name} data-testid="breaker" data-of={name} data-state={breaker.state}>
            <div className={classes.listLine}>
              <span>
                {nameOf(name)} → {nameOf('point')}
              </span>
              <State breaker={breaker} />
            </div>
            <p className={classes.hint}>
              <Detail
                breaker={breaker}
                asOf={asOf}
                isStopped={map.contexts.get('point')?.state === 'stopped'}
              />
            </p>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function State({ breaker: { state } }: { breaker: BreakerView }) {
  const { t } = useTranslation('services');
  const Icon = state === 'closed' ? Plug : Unplug;
  return (
    <span className={classes.breaker} data-state={state}>
      <Icon size={16} strokeWidth={1.75} aria-hidden />
      {t(`breaker.${state}`)}
    </span>
  );
}

interface DetailProps {
  breaker: BreakerView;
  asOf: number;
  /** Point itself refuses, at once and with the reason, so there is nothing to break. */
  isStopped: boolean;
}

function Detail({ breaker, asOf, isStopped }: DetailProps) {
  const { t } = useTranslation('services');
  const { clockOrDay } = useWords();
  const { state, failures, openedAt, retryAt } = breaker;
  const value = formatNumber(failures);
  if (state === 'closed' && isStopped) return t('breaker.calleeStopped');
  if (state === 'closed') return t(failures === 0 ? 'breaker.passes' : 'breaker.someFailed', { value });
  if (state === 'half_open') return t('breaker.tries');
  const seconds = retryAt === null ? 0 : Math.round((retryAt - asOf) / 1_000);
  const since = openedAt === null ? '' : clockOrDay(openedAt, asOf);
  if (seconds <= 0) return t('breaker.triesNext', { time: since });
  return t('breaker.triesIn', { time: since, seconds: formatNumber(seconds) });
}
