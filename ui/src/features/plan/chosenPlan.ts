const STORAGE_KEY = 'nosmoke.plan';

/** The plan that this terminal showed last: a facility with several sites has one at each. */
export const keptPlan = (): string | null => localStorage.getItem(STORAGE_KEY);

export const keepPlan = (planId: string): void => localStorage.setItem(STORAGE_KEY, planId);
