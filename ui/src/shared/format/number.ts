import { clamp } from '@mantine/hooks';

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Formats `1,240`. Negative numbers have the typographic minus. */
export const formatNumber = (value: number): string => grouped.format(value).replace('-', '−');

/** `+100`, `−60` or `0`. */
export const formatSigned = (value: number): string =>
  value > 0 ? `+${formatNumber(value)}` : formatNumber(value);

/** Returns a share in percent, clamped to 0–100; 0 if the whole is 0. */
export const percentOf = (part: number, whole: number): number =>
  whole > 0 ? clamp((part / whole) * 100, 0, 100) : 0;

const UNITS = ['B', 'KB', 'MB', 'GB'] as const;

/** `412 B`, `1.4 MB`, with a no-break space. */
export function formatBytes(bytes: number): string {
  const step = clamp(Math.floor(Math.log2(Math.max(1, bytes)) / 10), 0, UNITS.length - 1);
  const value = bytes / 1024 ** step;
  return `${step === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)}\u00a0${UNITS[step]}`;
}

/** Parses a whole number with or without grouping; null for any other text. */
export function parseWhole(text: string): number | null {
  const plain = text.replaceAll(',', '').trim();
  return /^\d{1,15}$/.test(plain) ? Number(plain) : null;
}
