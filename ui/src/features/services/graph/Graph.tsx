import { Database, DoorOpen, Layers } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useContentSize } from '../../../shared/contentSize';
import { formatNumber } from '../../../shared/format';
import { type Shown, useServiceWords } from '../words';
import { Edges } from './Edges';
import classes from './Graph.module.css';
import { type Box, isArrow, layOut, MIN_SIZE, MORE, neighbour } from './layout';
import { CALLERS, JOURNAL, KAFKA, MYPAGE_DB, type ServiceMap } from './map';

interface Props {
  map: ServiceMap;
  chosen: string;
  asOf: number;
  onChoose: (id: string) => void;
}

/** The graph's size while its element has none, as in tests. */
const FALLBACK_SIZE = { width: 880, height: 600 };

/** The service graph. Arrow keys move between nodes by their position; Enter shows a node in the pane. */
export function Graph({ map, chosen, asOf, onChoose }: Props) {
  const { t } = useTranslation('services');
  const words = useServiceWords();
  const { ref, width, height } = useContentSize();
  const { edges } = map;
  // In a narrower place the graph is drawn smaller.
  const scale = Math.min(1, (width || FALLBACK_SIZE.width) / MIN_SIZE.width);
  const terminals = map.terminals.map(({ id }) => id);
  const shape = terminals.join(' ');
  const layout = useMemo(
    () =>
      layOut(
        {
          width: (width || FALLBACK_SIZE.width) / scale,
          height: Math.floor((height || FALLBACK_SIZE.height) / scale),
        },
        edges,
        shape === '' ? [] : shape.split(' '),
      ),
    [width, height, scale, edges, shape],
  );
  // Only the node that was focused last is a tab stop, so that the next Tab leads to the pane and not through all
  // nodes.
  const [focused, setFocused] = useState(chosen);
  const tabStop = layout.boxes.has(focused) ? focused : JOURNAL;
  const board = useRef<HTMLDivElement>(null);
  const nodeOf = (id: string) =>
    [...(board.current?.querySelectorAll<HTMLElement>('[data-node]') ?? [])].find(
      ({ dataset }) => dataset.node === id,
    );
  // When the screen opens, focus the node that the pane shows.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the screen opens.
  useEffect(() => nodeOf(chosen)?.focus({ preventScroll: true }), []);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const here = event.target instanceof HTMLElement ? event.target.dataset.node : undefined;
    if (!here || !isArrow(event.key) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const next = neighbour(layout.boxes, here, event.key);
    if (next) nodeOf(next)?.focus();
  };

  const node = (id: string, name: string, shown: Shown | null, more: Partial<NodeProps> = {}) => {
    const box = layout.boxes.get(id);
    if (!box) return null;
    return (
      <Node
        key={id}
        id={id}
        box={box}
        name={name}
        shown={shown}
        isChosen={id === chosen}
        isTabStop={id === tabStop}
        onFocus={setFocused}
        onChoose={onChoose}
        {...more}
      />
    );
  };
  const silent = map.terminals.filter(({ id, state }) => layout.folded.includes(id) && state !== 'running');
  return (
    <div className={classes.scroller} ref={ref}>
      <div
        className={classes.board}
        ref={board}
        role="group"
        aria-label={t('graph')}
        style={{
          width: layout.width,
          height: layout.height,
          ...(scale < 1 && { zoom: scale }),
        }}
        data-testid="services-graph"
        onKeyDown={onKeyDown}
      >
        <Edges layout={layout} edges={edges} chosen={chosen} words={words} />
        {node(CALLERS, t('caption.callers'), null, {
          icon: <DoorOpen size={20} strokeWidth={1.75} aria-hidden />,
        })}
        {[...map.contexts.values()].map((context) =>
          node(context.name, words.nameOf(context.name), words.context(context, map)),
        )}
        {node(JOURNAL, t('caption.sqlite'), null, {
          icon: <Database size={20} strokeWidth={1.75} aria-hidden />,
        })}
        {node(MYPAGE_DB, words.nameOf(MYPAGE_DB), null)}
        {node(KAFKA, words.nameOf(KAFKA), words.kafka(map.kafka), {
          icon: <Layers size={20} strokeWidth={1.75} aria-hidden />,
        })}
        {map.terminals.map((terminal) =>
          node(terminal.id, terminal.name ?? t('terminal.unnamed'), words.terminal(terminal, asOf), {
            isNamed: true,
          }),
        )}
        {node(MORE, t('terminal.more', { value: layout.folded.length }), null, {
          note: silent.length > 0 ? t('terminal.silent', { value: formatNumber(silent.length) }) : null,
        })}
      </div>
    </div>
  );
}

interface NodeProps {
  id: string;
  box: Box;
  name: string;
  shown: Shown | null;
  note?: string | null;
  icon?: ReactNode;
  /** Whether people chose the name. */
  isNamed?: boolean;
  isChosen: boolean;
  isTabStop: boolean;
  onFocus: (id: string) => void;
  onChoose: (id: string) => void;
}

function Node({ id, box, name, shown, note = null, icon, isNamed = false, ...more }: NodeProps) {
  const { isChosen, isTabStop, onFocus, onChoose } = more;
  const stateText = shown ? [shown.text, shown.detail].filter(Boolean).join(' · ') : note;
  return (
    <button
      type="button"
      className={classes.node}
      style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
      title={stateText ? `${name}\n${stateText}` : name}
      aria-pressed={isChosen}
      data-testid="service"
      data-node={id}
      data-tone={shown?.tone}
      data-upright={icon ? true : undefined}
      data-small={box.height < 60 || undefined}
      tabIndex={isTabStop ? 0 : -1}
      onFocus={() => onFocus(id)}
      onClick={() => onChoose(id)}
    >
      {icon}
      <span className={classes.name} data-named={isNamed || undefined}>
        {name}
      </span>
      {shown && (
        <span className={classes.state} data-tone={shown.tone}>
          <shown.Icon size={14} strokeWidth={1.75} aria-hidden />
          <span className="one-line">{shown.text}</span>
        </span>
      )}
      {(shown?.detail ?? note) && <span className={classes.detail}>{shown?.detail ?? note}</span>}
    </button>
  );
}
