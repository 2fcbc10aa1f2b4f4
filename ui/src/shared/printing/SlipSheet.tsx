import type { Ref } from 'react';
import type { SlipBlock, SlipView } from '../../backend';
import classes from './Slip.module.css';

/** A slip as it is on paper. */
export function SlipSheet({ view, ref }: { view: SlipView; ref?: Ref<HTMLDivElement> }) {
  return (
    <div ref={ref} className={classes.sheet} data-roll={view.roll} data-testid="slip-sheet" data-selectable>
      {view.blocks.map((block, index) => (
        // A slip never changes its blocks.
        // biome-ignore lint/suspicious/noArrayIndexKey: the blocks have no other name
        <Block key={index} block={block} />
      ))}
    </div>
  );
}

function Block({ block }: { block: SlipBlock }) {
  switch (block.type) {
    case 'text':
      return (
        <p data-align={block.align} data-bold={block.bold || undefined} data-large={block.large || undefined}>
          {block.text}
        </p>
      );
    case 'pair':
      return (
        <p className={classes.pair} data-bold={block.bold || undefined}>
          <span>{block.label}</span> <span>{block.value}</span>
        </p>
      );
    case 'rule':
      return <hr />;
    case 'gap':
      return <div className={classes.gap} />;
    case 'code':
      return <Code bars={block.bars} rows={block.rows} />;
  }
}

/** The white margin that a reader needs, in modules. */
const QUIET = { bars: 10, qr: 4 };

function Code({ bars, rows }: { bars: boolean; rows: string[] }) {
  const across = rows[0]?.length ?? 0;
  const quiet = bars ? QUIET.bars : QUIET.qr;
  const height = bars ? 1 : rows.length;
  // Bars are as high as the style says; the modules of a QR code are squares.
  const box = bars
    ? `0 0 ${across + 2 * quiet} 1`
    : `${-quiet} ${-quiet} ${across + 2 * quiet} ${height + 2 * quiet}`;
  const path = rows
    .flatMap((row, y) =>
      [...row.matchAll(/1+/g)].map(({ 0: run, index }) => {
        const x = index + (bars ? quiet : 0);
        return `M${x} ${y}h${run.length}v1h${-run.length}z`;
      }),
    )
    .join('');
  return (
    <svg
      className={bars ? classes.bars : classes.qr}
      viewBox={box}
      preserveAspectRatio={bars ? 'none' : 'xMidYMid meet'}
      shapeRendering="crispEdges"
      aria-hidden
    >
      <path d={path} fill="#000" />
    </svg>
  );
}
