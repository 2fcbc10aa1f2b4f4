import { Kbd } from '../parts';
import { type KeyAct, useBindings } from './bindings';

/** The key that an act has at this terminal. */
export function ActKbd({ act, on }: { act: KeyAct; on?: 'accent' | 'inverse' | undefined }) {
  return <Kbd {...(on ? { on } : {})}>{useBindings()[act]}</Kbd>;
}
