import { UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ServiceNode } from '../../../backend';
import { formatNumber } from '../../../shared/format';
import { useWords } from '../../../shared/words';
import { KAFKA, type ServiceMap } from '../graph/map';
import { useServiceWords } from '../words';
import { NotSetUp, PaneHead, Rows, ToSync, timeAndAge } from './parts';
import classes from './ServicePane.module.css';
import { Traffic } from './Traffic';

/** The pane of the callers, the journal or Mypage's database: a description and the traffic. */
export function PlacePane({ map, place }: { map: ServiceMap; place: string }) {
  const words = useServiceWords();
  return (
    <>
      <PaneHead title={words.nameOf(place)}>{words.aboutOf(place)}</PaneHead>
      <Traffic map={map} of={place} />
    </>
  );
}

export function KafkaPane({ map }: { map: ServiceMap }) {
  const { t } = useTranslation('services');
  const words = useServiceWords();
  const head = (
    <PaneHead title={words.nameOf(KAFKA)} shown={words.kafka(map.kafka)}>
      {map.kafka !== 'stopped' && t(map.kafka === 'failing' ? 'about.kafkaOffline' : 'about.kafka')}
    </PaneHead>
  );
  if (map.kafka === 'stopped') {
    return (
      <>
        {head}
        <NotSetUp>{t('notSetUp.kafka')}</NotSetUp>
      </>
    );
  }
  return (
    <>
      {head}
      <ToSync />
      <Traffic map={map} of={KAFKA} />
    </>
  );
}

interface TerminalProps {
  map: ServiceMap;
  terminal: ServiceNode;
  asOf: number;
}

/**
 * The pane of another terminal: its last heartbeat, and the facts received from it. What it receives isn't known here.
 */
export function TerminalPane({ map, terminal, asOf }: TerminalProps) {
  const { ago, clockOrDay } = useWords();
  const { lastHeardAt } = terminal;
  const { t } = useTranslation('services');
  const words = useServiceWords();
  return (
    <>
      <PaneHead title={terminal.name ?? t('terminal.unnamed')} shown={words.terminal(terminal, asOf)}>
        {t(terminal.state === 'running' ? 'about.terminal' : 'about.terminalSilent')}
      </PaneHead>
      <ToSync />
      {lastHeardAt !== null && (
        <Rows
          rows={[
            {
              label: t('terminal.lastHeard'),
              value: timeAndAge(clockOrDay(lastHeardAt, asOf), ago(lastHeardAt, asOf)),
              testId: 'service-heard',
            },
          ]}
        />
      )}
      <Traffic map={map} of={terminal.id} />
      <p className={classes.hint}>{t('terminal.seenFromHere')}</p>
    </>
  );
}

interface FoldedProps {
  map: ServiceMap;
  asOf: number;
  onChoose: (id: string) => void;
}

/** Lists all other terminals, including those without a box in the graph. */
export function FoldedPane({ map, asOf, onChoose }: FoldedProps) {
  const { t } = useTranslation('services');
  const words = useServiceWords();
  return (
    <>
      <PaneHead title={t('terminal.all', { value: formatNumber(map.terminals.length) })} />
      <ul className={classes.list}>
        {map.terminals.map((terminal) => {
          const { Icon, text, tone, detail } = words.terminal(terminal, asOf);
          const name = terminal.name ?? t('terminal.unnamed');
          return (
            <li key={terminal.id}>
              <UnstyledButton
                className={classes.terminal}
                title={name}
                data-testid="folded-terminal"
                onClick={() => onChoose(terminal.id)}
              >
                <span className="one-line" title={name} data-named>
                  {name}
                </span>
                <span className={classes.terminalState} data-tone={tone}>
                  <Icon size={14} strokeWidth={1.75} aria-hidden />
                  {[text, detail].filter(Boolean).join(' · ')}
                </span>
              </UnstyledButton>
            </li>
          );
        })}
      </ul>
      <ToSync />
    </>
  );
}
