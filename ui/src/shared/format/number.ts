const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `1,240`; a minus is the typographic one. */
export const formatNumber = (value: number): string => grouped.format(value).replace('-', '−');

/** `+100` or `−60`; nothing before a zero. */
export const formatSigned = (value: number): string =>
  value > 0 ? `+${formatNumber(value)}` : formatNumber(value);

/** A typed number with its grouping taken out; null when it isn't a whole number in digits. */
export function parseWhole(text: string): number | null {
  const plain = text.replaceAll(',', '').trim();
  return /^\d{1,15}$/.test(plain) ? Number(plain) : null;
}
