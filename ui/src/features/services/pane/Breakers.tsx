import { Plug, Unplug } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { BreakerView, ContextName } from '../../../backend';
import { formatNumber } from '../../../shared/format';
import { useWords } from '../../../shared/words';
import type { ServiceMap } from '../graph/map';
import { useServiceWords } from '../words';
import { Section } from './parts';
import classes from './ServicePane.module.css';

/**
 * The circuit breakers for calls to the context point. A calling context shows its own, point shows those of all
 * callers.
 */
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
              <BreakerState breaker={breaker} />
            </div>
            <p className={classes.hint}>
              <BreakerDetail
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

function BreakerState({ breaker: { state } }: { breaker: BreakerView }) {
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
  /** True if point is stopped. It then refuses calls at once and gives the reason, so the breaker stays closed. */
  isStopped: boolean;
}

function BreakerDetail({ breaker, asOf, isStopped }: DetailProps) {
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
