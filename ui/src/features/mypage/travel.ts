import type { Moment, MomentView } from '../../backend';

/** The end of a minute in Seoul, so that what happened in it is seen. */
export const momentOf = (date: string, clock: string, view: MomentView): Moment => ({
  at: Date.parse(`${date}T${clock}:59.999+09:00`),
  view,
});
