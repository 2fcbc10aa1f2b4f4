import { useTranslation } from 'react-i18next';
import { MORE } from '../graph/layout';
import { KAFKA, type ServiceMap } from '../graph/map';
import { ContextPane } from './ContextPane';
import { FoldedPane, KafkaPane, PlacePane, TerminalPane } from './OtherPanes';
import classes from './ServicePane.module.css';

export interface ServicePaneProps {
  map: ServiceMap;
  chosen: string;
  asOf: number;
  onChoose: (id: string) => void;
  /** Called on Escape, to return to the graph. */
  onLeave: () => void;
}

/** Details of the chosen node, and actions on it. */
export function ServicePane(props: ServicePaneProps) {
  const { t } = useTranslation('services');
  return (
    <aside
      className={classes.pane}
      aria-label={t('pane')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: makes the pane scrollable by keys.
      tabIndex={0}
      data-testid="service-pane"
      data-of={props.chosen}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented || event.nativeEvent.isComposing) return;
        // Ignore key presses in dialogs: React passes them on to this handler, although dialogs aren't inside this
        // element.
        if (!event.currentTarget.contains(event.target as Node)) return;
        props.onLeave();
      }}
    >
      <Content {...props} />
    </aside>
  );
}

function Content({ map, chosen, asOf, onChoose }: Omit<ServicePaneProps, 'onLeave'>) {
  const context = map.contexts.get(chosen);
  // The key resets the pane's state, so that messages and errors of one context aren't shown for the next one.
  if (context) return <ContextPane key={chosen} map={map} context={context} asOf={asOf} />;
  const terminal = map.terminals.find(({ id }) => id === chosen);
  if (terminal) return <TerminalPane map={map} terminal={terminal} asOf={asOf} />;
  if (chosen === KAFKA) return <KafkaPane map={map} />;
  if (chosen === MORE) return <FoldedPane map={map} asOf={asOf} onChoose={onChoose} />;
  return <PlacePane map={map} place={chosen} />;
}
