import type { Command, Outcome } from '../../backend';
import { useAction } from '../../shared/data/useAction';
import { useSessionState } from '../../shared/session';

/** Records a command that changes the facility or an area, and then reloads the session. */
export function useSave() {
  const action = useAction();
  const { restart } = useSessionState();
  const save = async (command: Command): Promise<Outcome | null> => {
    const outcome = await action.run(command);
    if (outcome) await restart();
    return outcome;
  };
  return { save, error: action.error, clear: action.reset, isSaving: action.isPending };
}
