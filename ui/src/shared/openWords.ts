import type { TFunction } from 'i18next';
import type { Ground, PenaltyCode } from '../backend';

type Common = TFunction<'common'>;

/** The name of a penalty code; a code that has no name here is shown as it stands. */
export function codeName(common: Common, code: PenaltyCode): string {
  return common(`penaltyCode.${code}` as 'penaltyCode.BASIC', { defaultValue: code });
}

/** The name of a ground of deductions; a ground that has no name here is shown as it stands. */
export function groundName(common: Common, ground: Ground): string {
  return common(`ground.${ground}` as 'ground.appeal', { defaultValue: ground });
}
