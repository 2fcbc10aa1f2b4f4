import type { i18n as I18n, TFunction } from 'i18next';
import type { Ground, PenaltyCode, WordName } from '../backend';

type Common = TFunction<'common'>;

/** The name of a penalty code; a code that has no name here is shown as it stands. */
export function codeName(common: Common, code: PenaltyCode): string {
  return common(`penaltyCode.${code}` as 'penaltyCode.BASIC', { defaultValue: code });
}

/** The name of a ground of deductions; a ground that has no name here is shown as it stands. */
export function groundName(common: Common, ground: Ground): string {
  return common(`ground.${ground}` as 'ground.appeal', { defaultValue: ground });
}

/** Gives the facility's own codes and grounds their names from the rules, also retired ones. */
export function nameWords(i18n: I18n, codes: WordName[], grounds: WordName[]): void {
  const kinds = { penaltyCode: codes, ground: grounds };
  for (const [kind, names] of Object.entries(kinds)) {
    for (const { word, ko, en } of names) {
      i18n.addResource('ko', 'common', `${kind}.${word}`, ko);
      i18n.addResource('en', 'common', `${kind}.${word}`, en);
    }
  }
}
