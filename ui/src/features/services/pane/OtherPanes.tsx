import { UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ServiceNode } from '../../../backend';
import { formatNumber } from '../../../shared/format';
import { useWords } from '../../../shared/words';
import { KAFKA, type ServiceMap } from '../graph/map';
import { useServiceWords } from '../words';
import classes from './Pane.module.css';
import { NotSetUp, PaneHead, Rows, ToSync, together } from './parts';
import { Traffic } from './Traffic';

/** The way in, the stores: what they are for, and what passes. */
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

/** What is known of another terminal: when it was heard, and what of it was read. What it reads isn't seen from here. */
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
              value: together(clockOrDay(lastHeardAt, asOf), ago(lastHeardAt, asOf)),
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

/** All terminals, also those that have no place on the map. */
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
                <span className="one-line">{name}</span>
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
