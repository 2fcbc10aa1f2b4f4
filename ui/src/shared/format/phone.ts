/** Hyphenates a Korean phone number; returns any other text unchanged. */
export function formatPhone(phone: string): string {
  const digits = phone.replaceAll(/\D/g, '');
  if (digits.length !== phone.replaceAll(/[\s-]/g, '').length) return phone;
  const seoul = /^(02)(\d{3,4})(\d{4})$/.exec(digits);
  const other = /^(0\d{2})(\d{3,4})(\d{4})$/.exec(digits);
  const found = seoul ?? other;
  return found ? found.slice(1).join('-') : phone;
}

/** Returns a phone number's last four digits, which distinguish customers of the same name. */
export function phoneEnding(phone: string | null): string | null {
  const digits = phone?.normalize('NFKC').replaceAll(/\D/g, '') ?? '';
  return digits.length >= 4 ? digits.slice(-4) : null;
}
