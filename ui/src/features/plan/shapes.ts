import type { TFunction } from 'i18next';
import type { Area, AreaOccupancy, PlacePenalties, Shape } from '../../backend';

/** What is known of the place of a shape now. */
export interface PlaceNow {
  name: string;
  /** Null for a shape without an area. */
  present: number | null;
  capacity: number | null;
  penalties: number | null;
}

export type Fullness = 'none' | 'some' | 'full';

/** A shape's label: what the manager typed, else its area's name, else the word for its kind. */
export const nameOfShape = (shape: Shape, areas: readonly Area[], t: TFunction<'plan'>): string =>
  shape.label ?? areas.find(({ areaId }) => areaId === shape.area)?.name ?? t(`kind.${shape.kind}`);

/** People are counted on areas only: a spot where smoking is forbidden names the area nearby for its penalties. */
export function placeOf(
  shape: Shape,
  name: string,
  occupancy: readonly AreaOccupancy[],
  penalties: readonly PlacePenalties[] | undefined,
): PlaceNow {
  const found = shape.kind === 'area' && occupancy.find(({ area }) => area.areaId === shape.area);
  const counted = shape.area && penalties ? penalties.find(({ areaId }) => areaId === shape.area) : undefined;
  return {
    name,
    present: found ? found.present : null,
    capacity: found ? found.area.capacity : null,
    penalties: shape.area && penalties ? (counted?.count ?? 0) : null,
  };
}

export function fullnessOf({ present, capacity }: PlaceNow): Fullness | undefined {
  if (present === null) return undefined;
  if (capacity !== null && present >= capacity) return 'full';
  return present > 0 ? 'some' : 'none';
}

/** The step of the heat map, 0 for no penalties to 4 for the most of the plan. */
export const heatOf = (count: number, most: number): number =>
  count === 0 || most === 0 ? 0 : Math.ceil((count / most) * 4);

/** Shortens a text to the width of a shape. Hangul is as wide as it is high, other letters about half of that. */
export function fitText(text: string, width: number, size: number): string {
  const letters = [...text];
  const widthOf = (letter: string) => (letter.charCodeAt(0) > 0x2000 ? size : size * 0.6);
  let used = 0;
  for (const [index, letter] of letters.entries()) {
    used += widthOf(letter);
    if (used > width) return index < 2 ? '' : `${letters.slice(0, index - 1).join('')}…`;
  }
  return text;
}
