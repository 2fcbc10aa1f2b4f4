/** The reasons of cases that this program knows, in the order of the filter. */
export const REASONS = [
  'forgotten_visit',
  'admitted_in_ban',
  'overlapping_visits',
  'double_check_out',
  'earned_twice',
  'never_earned',
  'cap_broken',
  'deducted_too_much',
  'ground_twice',
  'voided_elsewhere',
  'corrected_twice',
  'taken_back_short',
  'written_off',
  'erased',
  'entered_out_of_order',
  'shared_card',
  'forked',
  'rival_rules',
  'needs_update',
] as const;

export type Reason = (typeof REASONS)[number];

export const isKnown = (reason: string): reason is Reason => (REASONS as readonly string[]).includes(reason);
