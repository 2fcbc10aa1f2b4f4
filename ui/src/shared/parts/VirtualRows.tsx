import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';
import classes from './parts.module.css';

interface Props<Row> {
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  heightOf: (row: Row) => number;
  render: (row: Row, index: number) => ReactNode;
  /** The index of the active row; each change scrolls that row into view. */
  activeIndex?: number;
  /** Called when the list is scrolled near its end. */
  onEnd?: () => void;
  className?: string | undefined;
  label?: string;
  /**
   * Makes the list a listbox whose field names the active option: the id of the list, and of an option by its key. The
   * rows then hold nothing to press but themselves.
   */
  listbox?: { id: string; idOf: (key: string) => string };
}

/** A virtualised list: only visible rows are rendered. */
export function VirtualRows<Row>({
  rows,
  keyOf,
  heightOf,
  render,
  activeIndex = -1,
  onEnd,
  className,
  label,
  listbox,
}: Props<Row>) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => heightOf(rows[index] as Row),
    getItemKey: (index) => keyOf(rows[index] as Row),
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;

  // The rows may have other heights than before, so measure again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `rows` is the reason to measure.
  useEffect(() => virtual.measure(), [rows, virtual]);
  useEffect(() => {
    if (activeIndex >= 0) virtual.scrollToIndex(activeIndex, { align: 'auto' });
  }, [activeIndex, virtual]);
  useEffect(() => {
    if (onEnd && last >= 0 && last >= rows.length - 10) onEnd();
  }, [last, rows.length, onEnd]);

  // The list itself scrolls: a box around a listbox would have to take the focus, which stays in the field.
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: a list and a listbox both have a name.
    <div
      ref={scroller}
      className={`${classes.virtual} ${className ?? ''}`}
      role={listbox ? 'listbox' : 'list'}
      id={listbox?.id}
      aria-label={label}
    >
      <div style={{ position: 'relative', height: virtual.getTotalSize(), width: '100%' }}>
        {items.map((item) => (
          <div
            key={item.key}
            {...(listbox
              ? {
                  role: 'option',
                  id: listbox.idOf(String(item.key)),
                  'aria-selected': item.index === activeIndex,
                }
              : { role: 'listitem' })}
            style={{
              position: 'absolute',
              insetInline: 0,
              height: item.size,
              transform: `translateY(${item.start}px)`,
            }}
          >
            {render(rows[item.index] as Row, item.index)}
          </div>
        ))}
      </div>
    </div>
  );
}
