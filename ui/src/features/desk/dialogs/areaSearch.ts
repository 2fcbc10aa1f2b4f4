import { getChoseong } from 'es-hangul';
import type { AreaOccupancy } from '../../../backend';

/** An area and its number, in the order of the settings. */
export interface NumberedArea {
  number: number;
  occupancy: AreaOccupancy;
}

/** With more areas than keys 1–9, an area is found by typing. */
export const KEYS_MAX = 9;

const plain = (text: string) => text.replaceAll(/\s/g, '').toLowerCase();

/**
 * Returns the areas that a typed text means: by number, by a part of the name, or by its initial consonants. An area of
 * exactly that number comes first.
 */
export function findAreas(areas: readonly AreaOccupancy[], text: string): NumberedArea[] {
  const all = areas.map((occupancy, index) => ({ number: index + 1, occupancy }));
  const wanted = plain(text);
  if (wanted === '') return all;
  const found = all.filter(({ number, occupancy: { area } }) => {
    const name = plain(area.name);
    return String(number).startsWith(wanted) || name.includes(wanted) || getChoseong(name).includes(wanted);
  });
  const isExact = ({ number }: NumberedArea) => String(number) === wanted;
  return [...found.filter(isExact), ...found.filter((one) => !isExact(one))];
}
