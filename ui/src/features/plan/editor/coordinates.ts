import type { Coordinates } from '../../../backend';

const MILLIONTHS = 1_000_000;
const DIGITS = 6;

export const coordinatesText = ({ latitude, longitude }: Coordinates): string =>
  `${(latitude / MILLIONTHS).toFixed(DIGITS)}, ${(longitude / MILLIONTHS).toFixed(DIGITS)}`;

/** Reads what maps copy: `37.566500, 126.978000`. Null for an empty text, undefined for one that is no place. */
export function readCoordinates(text: string): Coordinates | null | undefined {
  if (text.trim() === '') return null;
  const found = /^\s*(-?\d{1,3}(?:\.\d+)?)\s*[,\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(text);
  if (!found) return undefined;
  const [latitude, longitude] = [Number(found[1]), Number(found[2])];
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return undefined;
  return { latitude: Math.round(latitude * MILLIONTHS), longitude: Math.round(longitude * MILLIONTHS) };
}
