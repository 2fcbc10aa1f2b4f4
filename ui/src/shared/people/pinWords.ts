import { useTranslation } from 'react-i18next';
import type { AppError } from '../../backend';
import { formatNumber } from '../format';

/** The words below a PIN, or below a recovery code, that was refused; null for an error that isn't about it. */
export function usePinWords(what: 'pin' | 'code' = 'pin'): (error: AppError) => string | null {
  const { t } = useTranslation('people');
  return ({ code, params }) => {
    if (code !== 'wrong_pin') return null;
    const left = Number(params.triesLeft ?? 0);
    return left > 0 ? t(`${what}.wrong`, { value: formatNumber(left), count: left }) : t(`${what}.wrongOnly`);
  };
}
