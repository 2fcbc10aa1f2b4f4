/** The places of the rail with their screens, as in `ui/src/app/places.ts`, for scripts and tests that click. */
export const SCREENS = {
  desk: ['desk'],
  site: ['site', 'plan'],
  review: ['review', 'late'],
  customers: ['customers', 'mypage', 'why'],
  reports: ['day', 'period', 'receipts'],
  operation: ['areas', 'rules', 'people', 'privacy'],
  system: ['sync', 'services', 'traces', 'connections', 'backup'],
  settings: ['settings'],
};

/** The sections that aren't on the screen `settings`, as in `ui/src/features/settings/sections.ts`. */
const SECTIONS = {
  areas: ['facility', 'areas', 'evacuation'],
  rules: ['rules'],
  people: ['people', 'permissions', 'whoDid'],
  privacy: ['accessLog', 'keeping'],
  connections: ['connection', 'pairing', 'gateway', 'tokens', 'mypage', 'tracing'],
  backup: ['backup', 'diagnostics'],
};

/** Returns the place that has a screen. */
export function placeOf(screen) {
  const found = Object.keys(SCREENS).find((place) => SCREENS[place].includes(screen));
  if (!found) throw new Error(`no screen ${screen}`);
  return found;
}

/** Returns the screen that has a section. */
export const screenOfSection = (section) =>
  Object.keys(SECTIONS).find((screen) => SECTIONS[screen].includes(section)) ?? 'settings';

/** Whether a screen has sections in a column beside it, with a button each. */
export const hasSectionList = (section) => (SECTIONS[screenOfSection(section)]?.length ?? 2) > 1;
