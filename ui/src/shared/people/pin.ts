import type { Role } from '../../backend';

export const PIN_MIN = 4;
export const PIN_MAX = 12;
/** A manager's PIN is longer, because it opens everything. */
export const MANAGER_PIN_MIN = 6;

export const pinMinOf = (role: Role): number => (role === 'manager' ? MANAGER_PIN_MIN : PIN_MIN);

export const isPinFor = (role: Role, pin: string): boolean =>
  /^\d+$/.test(pin) && pin.length >= pinMinOf(role) && pin.length <= PIN_MAX;
