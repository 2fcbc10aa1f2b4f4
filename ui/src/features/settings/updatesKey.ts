/** The query of where newer versions come from, and what was found. */
export const UPDATES_KEY = ['updates'] as const;
