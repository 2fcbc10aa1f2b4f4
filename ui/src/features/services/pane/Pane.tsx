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
  /** Back to the graph, by the Escape key. */
  onLeave: () => void;
}

/** What is to be known of the chosen node, and what can be done about it. */
export function Pane(props: PaneProps) {
  const { t } = useTranslation('services');
  return (
    <aside
      className={classes.pane}
      aria-label={t('pane')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys.
      tabIndex={0}
      data-testid="service-pane"
      data-of={props.chosen}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented || event.nativeEvent.isComposing) return;
        // A dialog is its child in React alone.
        if (!event.currentTarget.contains(event.target as Node)) return;
        props.onLeave();
      }}
    >
      <Content {...props} />
    </aside>
  );
}

function Content({ map, chosen, asOf, onChoose }: Omit<PaneProps, 'onLeave'>) {
  const context = map.contexts.get(chosen);
  // Keyed, so that what was said or went wrong at one isn't shown at the next.
  if (context) return <ContextPane key={chosen} map={map} context={context} asOf={asOf} />;
  const terminal = map.terminals.find(({ id }) => id === chosen);
  if (terminal) return <TerminalPane map={map} terminal={terminal} asOf={asOf} />;
  if (chosen === KAFKA) return <KafkaPane map={map} />;
  if (chosen === MORE) return <FoldedPane map={map} asOf={asOf} onChoose={onChoose} />;
  return <PlacePane map={map} place={chosen} />;
}
