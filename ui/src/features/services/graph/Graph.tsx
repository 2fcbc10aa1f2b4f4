import { useElementSize } from '@mantine/hooks';
import { Database, DoorOpen, Layers } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../../shared/format';
import { type Shown, useServiceWords } from '../words';
import { Edges } from './Edges';
import classes from './Graph.module.css';
import { type Box, isArrow, layOut, MORE, neighbour } from './layout';
import { CALLERS, JOURNAL, KAFKA, MYPAGE_DB, type ServiceMap } from './map';

interface Props {
  map: ServiceMap;
  chosen: string;
  asOf: number;
  onChoose: (id: string) => void;
}

/** Where nothing is laid out, as in tests. */
const USUAL = { width: 880, height: 600 };

/** The map of services: lines under buttons. Arrows go from one to the next as they lie, Enter shows it beside. */
export function Graph({ map, chosen, asOf, onChoose }: Props) {
  const { t } = useTranslation('services');
  const words = useServiceWords();
  const { ref, width, height } = useElementSize();
  const { edges } = map;
  const terminals = map.terminals.map(({ id }) => id);
  const shape = terminals.join(' ');
  const layout = useMemo(
    () =>
      layOut(
        { width: width || USUAL.width, height: height || USUAL.height },
        edges,
        shape === '' ? [] : shape.split(' '),
      ),
    [width, height, edges, shape],
  );
  // One stop for the Tab key: where the arrows were last, so that the next one leads to what is shown beside.
  const [cursor, setCursor] = useState(chosen);
  const stop = layout.boxes.has(cursor) ? cursor : JOURNAL;
  const board = useRef<HTMLDivElement>(null);
  const nodeOf = (id: string) =>
    [...(board.current?.querySelectorAll<HTMLElement>('[data-node]') ?? [])].find(
      ({ dataset }) => dataset.node === id,
    );
  // The keyboard begins at what is shown beside.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the screen opens.
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
        isStop={id === stop}
        onFocus={setCursor}
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
        style={{ width: layout.width, height: layout.height }}
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
          node(terminal.id, terminal.name ?? t('terminal.unnamed'), words.terminal(terminal, asOf)),
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
  isChosen: boolean;
  /** The Tab key comes here. */
  isStop: boolean;
  onFocus: (id: string) => void;
  onChoose: (id: string) => void;
}

function Node({ id, box, name, shown, note = null, icon, ...more }: NodeProps) {
  const { isChosen, isStop, onFocus, onChoose } = more;
  const said = shown ? [shown.text, shown.detail].filter(Boolean).join(' · ') : note;
  return (
    <button
      type="button"
      className={classes.node}
      style={{ left: box.x, top: box.y, width: box.width, height: box.height }}
      title={said ? `${name}\n${said}` : name}
      aria-pressed={isChosen}
      data-testid="service"
      data-node={id}
      data-tone={shown?.tone}
      data-upright={icon ? true : undefined}
      data-small={box.height < 60 || undefined}
      tabIndex={isStop ? 0 : -1}
      onFocus={() => onFocus(id)}
      onClick={() => onChoose(id)}
    >
      {icon}
      <span className={classes.name}>{name}</span>
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
