const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `1,240`; a minus is the typographic one. */
export const formatNumber = (value: number): string => grouped.format(value).replace('-', '−');

/** `+100` or `−60`; nothing before a zero. */
export const formatSigned = (value: number): string =>
  value > 0 ? `+${formatNumber(value)}` : formatNumber(value);

const UNITS = ['B', 'KB', 'MB', 'GB'] as const;

/** `412 B`, `1.4 MB` */
export function formatBytes(bytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const value = bytes / 1024 ** step;
  return `${step === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${UNITS[step]}`;
}

/** A typed number with its grouping taken out; null when it isn't a whole number in digits. */
export function parseWhole(text: string): number | null {
  const plain = text.replaceAll(',', '').trim();
  return /^\d{1,15}$/.test(plain) ? Number(plain) : null;
}
