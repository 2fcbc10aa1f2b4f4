import { useState } from 'react';
import { type AppError, asAppError, type Command, type Outcome } from '../../backend';
import { newRecording, useRecord } from '../../shared/data/queries';
import { useSessionState } from '../../shared/session';

/** Records a command about the facility and shows what the program has afterwards. */
export function useSave() {
  const record = useRecord();
  const { restart } = useSessionState();
  const [error, setError] = useState<AppError | null>(null);
  const save = async (command: Command): Promise<Outcome | null> => {
    setError(null);
    try {
      const outcome = await record.mutateAsync(newRecording(command));
      await restart();
      return outcome;
    } catch (thrown) {
      setError(asAppError(thrown));
      return null;
    }
  };
  return { save, error, clear: () => setError(null), isSaving: record.isPending };
}
