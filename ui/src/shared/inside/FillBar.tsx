import type { AreaOccupancy } from '../../backend';
import { percentOf } from '../format';
import classes from './FillBar.module.css';
import { isFull } from './isFull';

/** How full an area is; nothing for an area without a limit. The words beside it say the same. */
export function FillBar({
  occupancy,
  className,
}: {
  occupancy: AreaOccupancy;
  className: string | undefined;
}) {
  const { area, present } = occupancy;
  if (area.capacity === null) return null;
  return (
    <span
      className={`${classes.bar} ${className ?? ''}`}
      data-full={isFull(occupancy) || undefined}
      aria-hidden
    >
      <span style={{ width: `${percentOf(present, area.capacity)}%` }} />
    </span>
  );
}
