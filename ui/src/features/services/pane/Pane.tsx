import { useTranslation } from 'react-i18next';
import { MORE } from '../graph/layout';
import { KAFKA, type ServiceMap } from '../graph/map';
import { ContextPane } from './ContextPane';
import { FoldedPane, KafkaPane, PlacePane, TerminalPane } from './OtherPanes';
import classes from './Pane.module.css';

export interface PaneProps {
  map: ServiceMap;
  chosen: string;
  asOf: number;
  onChoose: (id: string) => void;
}

/** What is to be known of the chosen node, and what can be done about it. */
export function Pane(props: PaneProps) {
  const { t } = useTranslation('services');
  return (
    <aside className={classes.pane} aria-label={t('pane')} data-testid="service-pane" data-of={props.chosen}>
      <Content {...props} />
    </aside>
  );
}

function Content({ map, chosen, asOf, onChoose }: PaneProps) {
  const context = map.contexts.get(chosen);
  // Keyed, so that what was said or went wrong at one isn't shown at the next.
  if (context) return <ContextPane key={chosen} map={map} context={context} asOf={asOf} />;
  const terminal = map.terminals.find(({ id }) => id === chosen);
  if (terminal) return <TerminalPane terminal={terminal} />;
  if (chosen === KAFKA) return <KafkaPane map={map} />;
  if (chosen === MORE) return <FoldedPane map={map} onChoose={onChoose} />;
  return <PlacePane map={map} place={chosen} />;
}
