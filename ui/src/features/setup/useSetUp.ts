import { useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppError, asAppError, type Founded, type SetUpInput, useBackend } from '../../backend';
import { useErrorWords } from '../../shared/errors';
import { parseWhole } from '../../shared/format';
import { LIMITS } from '../../shared/limits';
import {
  type AreaTexts,
  type FieldKey,
  inputOf,
  newArea,
  type Problems,
  problemsOf,
  type SetUpTexts,
  type Step,
  usedAreas,
} from './form';

const toInput = (texts: SetUpTexts): SetUpInput => ({
  facilityName: texts.facilityName,
  terminalName: texts.terminalName,
  areas: usedAreas(texts).map(({ name, capacity }) => {
    const people = parseWhole(capacity);
    return people === null ? { name } : { name, capacity: people };
  }),
  managerName: texts.managerName,
  pin: texts.pin,
});

/** The state of the set-up's three steps: texts, problems, and the call that sets up the facility at the end. */
export function useSetUp(onFounded: (founded: Founded) => void) {
  const { t } = useTranslation('setup');
  const backend = useBackend();
  const errorWords = useErrorWords();
  const [step, setStep] = useState<Step>(0);
  const [texts, setTexts] = useState<SetUpTexts>(() => ({
    facilityName: '',
    areas: [newArea()],
    terminalName: t('areas.terminalDefault'),
    managerName: '',
    pin: '',
    pinAgain: '',
  }));
  const [problems, setProblems] = useState<Problems>(new Map());
  const [refusal, setRefusal] = useState<AppError | null>(null);
  const [isSending, setIsSending] = useState(false);
  const fields = useRef(new Map<FieldKey, HTMLInputElement>());

  const focusLater = useRef<FieldKey | null>(null);
  // Focus an input that appears with this render, before the user presses the next key.
  useLayoutEffect(() => {
    const input = focusLater.current === null ? undefined : fields.current.get(focusLater.current);
    if (!input) return;
    focusLater.current = null;
    input.focus();
  });
  const focus = (field: FieldKey) => {
    const input = fields.current.get(field);
    focusLater.current = input ? null : field;
    input?.focus();
  };
  const forget = (field: FieldKey) => {
    setProblems((now) => new Map([...now].filter(([key]) => key !== field)));
    setRefusal(null);
  };
  const errorOf = (field: FieldKey): string | null => {
    const input = refusal && inputOf(refusal.code === 'invalid_pin' ? 'pin' : refusal.params.field);
    if (refusal && input?.field === field) {
      const words = errorWords(refusal);
      return `${words.title} ${words.advice}`;
    }
    const problem = problems.get(field);
    return problem ? t(`error.${problem.kind}`, { max: LIMITS.name, value: problem.count }) : null;
  };
  const send = async () => {
    setIsSending(true);
    setRefusal(null);
    try {
      onFounded(await backend.setUp(toInput(texts)));
    } catch (thrown) {
      const error = asAppError(thrown);
      setRefusal(error);
      const input = inputOf(error.code === 'invalid_pin' ? 'pin' : error.params.field);
      if (input) {
        setStep(input.step);
        focus(input.field);
      }
    } finally {
      setIsSending(false);
    }
  };
  const next = () => {
    if (isSending) return;
    const found = problemsOf(step, texts);
    setProblems(found);
    const [first] = found.keys();
    if (first) return focus(first);
    if (step === 2) return void send();
    setStep(step === 0 ? 1 : 2);
  };
  const back = () => step > 0 && setStep(step === 2 ? 1 : 0);

  const type = (field: Exclude<keyof SetUpTexts, 'areas'>, text: string) => {
    setTexts((now) => ({ ...now, [field]: text }));
    forget(field);
  };
  const typeArea = (key: string, change: Partial<AreaTexts>) => {
    setTexts((now) => ({
      ...now,
      areas: now.areas.map((area) => (area.key === key ? { ...area, ...change } : area)),
    }));
    forget(`area.${key}`);
    forget(`capacity.${key}`);
  };
  const addArea = () => {
    const area = newArea();
    setTexts((now) => ({ ...now, areas: [...now.areas, area] }));
    focus(`area.${area.key}`);
  };
  const removeArea = (key: string) => {
    const index = texts.areas.findIndex((area) => area.key === key);
    const others = texts.areas.filter((area) => area.key !== key);
    const areas = others.length > 0 ? others : [newArea()];
    setTexts((now) => ({ ...now, areas }));
    const neighbour = areas[Math.max(0, index - 1)];
    if (neighbour) focus(`area.${neighbour.key}`);
  };
  /** Registers an input by its key, so that the first invalid one can be focused. */
  const register = (field: FieldKey) => (element: HTMLInputElement | null) => {
    if (element) fields.current.set(field, element);
    else fields.current.delete(field);
  };
  const isAtInput =
    refusal !== null && inputOf(refusal.code === 'invalid_pin' ? 'pin' : refusal.params.field) !== null;
  return {
    step,
    texts,
    isSending,
    refusal: isAtInput ? null : refusal,
    errorOf,
    focus,
    next,
    back,
    type,
    typeArea,
    addArea,
    removeArea,
    register,
  };
}

export type SetUp = ReturnType<typeof useSetUp>;
