import { useEffect, useState } from 'react';
import { type Invitation, useBackend } from '../../../backend';
import { isBlank } from '../../../shared/limits';

/** What the code says that stands in the field; null while it isn't a whole one. */
export function useInvitation(code: string): Invitation | null {
  const backend = useBackend();
  const [read, setRead] = useState<{ code: string; invitation: Invitation } | null>(null);
  useEffect(() => {
    if (isBlank(code)) return;
    let isCurrent = true;
    backend.readPairing(code).then(
      (invitation) => isCurrent && setRead({ code, invitation }),
      // Half a code says nothing yet; whoever goes on with it is told.
      () => {},
    );
    return () => {
      isCurrent = false;
    };
  }, [backend, code]);
  return read?.code === code ? read.invitation : null;
}
