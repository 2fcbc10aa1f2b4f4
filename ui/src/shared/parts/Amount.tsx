import { useTranslation } from 'react-i18next';
import { formatNumber, formatSigned } from '../format';

interface Props {
  value: number;
  signed?: boolean;
}

/** Points; the unit is smaller than its number. */
export function Points({ value, signed = false }: Props) {
  return (
    <>
      {signed ? formatSigned(value) : formatNumber(value)}
      <span className="unit unit-apart">P</span>
    </>
  );
}

/** Penalty points, which aren't money and are never written as such. */
export function PenaltyPoints({ value, signed = false }: Props) {
  const { t } = useTranslation('common');
  return (
    <>
      {signed ? formatSigned(value) : formatNumber(value)}
      <span className="unit">{t('unitPenalty')}</span>
    </>
  );
}
