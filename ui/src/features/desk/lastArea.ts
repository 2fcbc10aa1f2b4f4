const KEY = 'nosmoke.lastArea';

/** Reads the area of this terminal's last check-in, which is preselected for the next one; null if none is stored. */
export function readLastArea(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function rememberArea(areaId: string): void {
  try {
    localStorage.setItem(KEY, areaId);
  } catch {
    // Local storage isn't available: the next check-in preselects the first area instead.
  }
}
