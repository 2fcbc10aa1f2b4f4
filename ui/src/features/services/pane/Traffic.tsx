import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../../shared/format';
import { CALLERS, KAFKA, type MapEdge, type ServiceMap } from '../graph/map';
import { useServiceWords } from '../words';
import { Section } from './parts';
import classes from './ServicePane.module.css';

/**
 * The traffic of a node as a list of its edges. Unlike the graph, it lists each caller and each terminal separately.
 */
export function Traffic({ map, of }: { map: ServiceMap; of: string }) {
  const { t } = useTranslation('services');
  const words = useServiceWords();
  const isCaller = ({ from }: MapEdge) => from === 'screen' || from === 'rest';
  const here = map.measured.filter((edge) =>
    of === CALLERS ? isCaller(edge) : edge.from === of || edge.to === of,
  );
  // Callers and terminals are listed only if they have traffic.
  const isOptional = (edge: MapEdge) =>
    isCaller(edge) || (of === KAFKA && nameOfTerminal(edge.from) !== null);
  const nameOfTerminal = (id: string) => {
    const terminal = map.terminals.find((one) => one.id === id);
    return terminal ? (terminal.name ?? t('terminal.unnamed')) : null;
  };
  const nameOf = (id: string) => nameOfTerminal(id) ?? words.nameOf(id);
  const shown = here.filter((edge) => !isOptional(edge) || edge.measure.count > 0);
  return (
    <Section title={t('traffic.title')}>
      {shown.length === 0 && <p className={classes.hint}>{t('traffic.nothing')}</p>}
      <ul className={classes.list}>
        {shown.map(({ id, from, to, kind, measure }) => {
          const { count, errors, p50Ms, p99Ms } = measure;
          const parts = [
            t('traffic.count', { value: formatNumber(count) }),
            p50Ms !== null && t('traffic.p50', { value: words.latency(p50Ms) }),
            p99Ms !== null && t('traffic.p99', { value: words.latency(p99Ms) }),
          ];
          return (
            <li key={id} data-testid="traffic" data-id={id}>
              <div className={classes.listLine}>
                <span className="one-line" data-kind={kind}>
                  {nameOf(from)} → {nameOf(to)}
                </span>
                <span className={classes.number}>{count > 0 ? words.rate(measure) : '–'}</span>
              </div>
              {count > 0 && (
                <p className={classes.hint}>
                  {parts.filter(Boolean).join(' · ')}
                  {errors > 0 && (
                    <strong className={classes.wrong}>
                      {' '}
                      · {t('edge.errors', { value: formatNumber(errors) })}
                    </strong>
                  )}
                </p>
              )}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
