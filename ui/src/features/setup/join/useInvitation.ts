import { useEffect, useState } from 'react';
import { type Invitation, useBackend } from '../../../backend';
import { isBlank } from '../../../shared/limits';

/** Decodes the typed pairing code; null while it isn't valid. */
export function useInvitation(code: string): Invitation | null {
  const backend = useBackend();
  const [read, setRead] = useState<{ code: string; invitation: Invitation } | null>(null);
  useEffect(() => {
    if (isBlank(code)) return;
    let isCurrent = true;
    backend.readPairing(code).then(
      (invitation) => isCurrent && setRead({ code, invitation }),
      // Ignore an incomplete code while the user types; the next button reports the error.
      () => {},
    );
    return () => {
      isCurrent = false;
    };
  }, [backend, code]);
  return read?.code === code ? read.invitation : null;
}
