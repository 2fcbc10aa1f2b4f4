const KEY = 'nosmoke.lastArea';

/** The area of this terminal's last check-in: Enter takes it again. A wish, never a need. */
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
    // Without storage the first area is offered.
  }
}
