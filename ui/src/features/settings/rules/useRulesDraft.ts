import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import {
  type AppError,
  asAppError,
  type Backend,
  type RuleProblem,
  type RulesEditor,
  type RulesForm,
  useBackend,
} from '../../../backend';

export const RULES_EDITOR_KEY = ['rulesEditor'] as const;
export const RULE_SETS_KEY = ['ruleSets'] as const;

/** How long typing must pause before the draft is saved at this terminal. */
const SAVE_AFTER_MS = 400;

export interface RulesDraft {
  editor: RulesEditor;
  form: RulesForm;
  /** True until what was typed is saved, so that problems and changes may be those of before. */
  isSaving: boolean;
  saveError: AppError | null;
  change(change: Partial<RulesForm>): void;
  /** Saves what was typed at once, and returns what the program says of it. */
  save(): Promise<RulesEditor | null>;
  discard(): Promise<void>;
  /** Reads the rules again, after a publication. */
  reload(): Promise<void>;
  problemOf(field: string): RuleProblem | undefined;
  /** True if only a newer program understands the field, by its name in a stored set. */
  isLocked(stored: string): boolean;
}

/** The draft of the rules: each change is saved at this terminal after a short pause. */
export function useRulesDraft(initial: RulesEditor): RulesDraft {
  const backend = useBackend();
  const client = useQueryClient();
  const [editor, setEditor] = useState(initial);
  const [form, setForm] = useState(initial.form);
  const [isSaving, setIsSaving] = useState(false);
  const [saveError, setSaveError] = useState<AppError | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const latest = useRef(form);

  const adopt = useCallback(
    (answer: RulesEditor) => {
      setEditor(answer);
      client.setQueryData(RULES_EDITOR_KEY, answer);
    },
    [client],
  );
  const save = useCallback(async (): Promise<RulesEditor | null> => {
    if (timer.current) clearTimeout(timer.current);
    timer.current = null;
    const saved = latest.current;
    try {
      const answer = await backend.saveRulesDraft(saved);
      setSaveError(null);
      // What was typed meanwhile is saved by its own timer.
      if (latest.current === saved) setIsSaving(false);
      adopt(answer);
      return answer;
    } catch (thrown) {
      setSaveError(asAppError(thrown));
      return null;
    }
  }, [backend, adopt]);
  const change = useCallback(
    (next: Partial<RulesForm>) => {
      latest.current = { ...latest.current, ...next };
      setForm(latest.current);
      setIsSaving(true);
      if (timer.current) clearTimeout(timer.current);
      timer.current = setTimeout(() => void save(), SAVE_AFTER_MS);
    },
    [save],
  );
  // Leaving the screen saves what was typed last.
  const saveNow = useRef(save);
  saveNow.current = save;
  useEffect(() => () => void (timer.current && saveNow.current()), []);

  // Another terminal may publish, and another part of the program may read the rules again: what is being typed stays.
  useEffect(() => {
    setEditor(initial);
    if (timer.current) return;
    latest.current = initial.form;
    setForm(initial.form);
  }, [initial]);

  const restart = (answer: RulesEditor) => {
    if (timer.current) clearTimeout(timer.current);
    timer.current = null;
    latest.current = answer.form;
    setForm(answer.form);
    setIsSaving(false);
    adopt(answer);
  };
  return {
    editor,
    form,
    isSaving,
    saveError,
    change,
    save,
    discard: async () => restart(await backend.discardRulesDraft()),
    reload: async () => {
      restart(await backend.rulesEditor());
      await client.invalidateQueries({ queryKey: RULE_SETS_KEY });
    },
    problemOf: (field) => editor.problems.find((problem) => problem.field === field),
    isLocked: (stored) =>
      editor.inForce.needsUpdate.some((field) => field === stored || field.startsWith(`${stored}.`)),
  };
}

export const useRulesEditor = () => {
  const backend: Backend = useBackend();
  return useQuery({ queryKey: RULES_EDITOR_KEY, queryFn: () => backend.rulesEditor(), staleTime: 0 });
};
