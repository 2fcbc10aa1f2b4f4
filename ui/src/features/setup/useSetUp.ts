import { useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppError, asAppError, type SetUpInput, type Start, useBackend } from '../../backend';
import { useErrorWords } from '../../shared/errors';
import { parseWhole } from '../../shared/format';
import { LIMITS } from '../../shared/limits';
import {
  type AreaTexts,
  type FieldKey,
  newArea,
  type Problems,
  placeOf,
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

/** The three steps: what was typed, what is wrong with it, and the one command at their end. */
export function useSetUp(onReady: (start: Start) => void) {
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

  const awaited = useRef<FieldKey | null>(null);
  // A field that only appears with the next step or line takes the cursor as it appears: the next key is its.
  useLayoutEffect(() => {
    const input = awaited.current === null ? undefined : fields.current.get(awaited.current);
    if (!input) return;
    awaited.current = null;
    input.focus();
  });
  const focus = (field: FieldKey) => {
    const input = fields.current.get(field);
    awaited.current = input ? null : field;
    input?.focus();
  };
  const forget = (field: FieldKey) => {
    setProblems((now) => new Map([...now].filter(([key]) => key !== field)));
    setRefusal(null);
  };
  const errorOf = (field: FieldKey): string | null => {
    const place = refusal && placeOf(refusal.code === 'invalid_pin' ? 'pin' : refusal.params.field);
    if (refusal && place?.field === field) {
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
      onReady({ state: 'ready', session: await backend.setUp(toInput(texts)) });
    } catch (thrown) {
      const error = asAppError(thrown);
      setRefusal(error);
      const place = placeOf(error.code === 'invalid_pin' ? 'pin' : error.params.field);
      if (place) {
        setStep(place.step);
        focus(place.field);
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
    const at = texts.areas.findIndex((area) => area.key === key);
    const left = texts.areas.filter((area) => area.key !== key);
    const areas = left.length > 0 ? left : [newArea()];
    setTexts((now) => ({ ...now, areas }));
    const neighbour = areas[Math.max(0, at - 1)];
    if (neighbour) focus(`area.${neighbour.key}`);
  };
  /** Ties an input to its name, so that the first wrong one can take the cursor. */
  const place = (field: FieldKey) => (element: HTMLInputElement | null) => {
    if (element) fields.current.set(field, element);
    else fields.current.delete(field);
  };
  const isPlaced =
    refusal !== null && placeOf(refusal.code === 'invalid_pin' ? 'pin' : refusal.params.field) !== null;
  return {
    step,
    texts,
    isSending,
    refusal: isPlaced ? null : refusal,
    errorOf,
    focus,
    next,
    back,
    type,
    typeArea,
    addArea,
    removeArea,
    place,
  };
}

export type SetUp = ReturnType<typeof useSetUp>;
