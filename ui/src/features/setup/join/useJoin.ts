import { useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppError, asAppError, type InvitedConnection, type Start, useBackend } from '../../../backend';
import { noConnection, useConnectionForm } from '../../../shared/connection/useConnectionForm';
import { LIMITS } from '../../../shared/limits';
import { type JoinField, type JoinProblems, type JoinStep, type JoinTexts, problemsOf, stepOf } from './form';
import { useInvitation } from './useInvitation';

/** The state of the three steps to join another terminal's facility. */
export function useJoin(onReady: (start: Start) => void) {
  const { t } = useTranslation('setup');
  const backend = useBackend();
  const form = useConnectionForm(noConnection);
  const [step, setStep] = useState<JoinStep>(0);
  const [texts, setTexts] = useState<JoinTexts>(() => ({
    code: '',
    terminalName: t('join.terminalDefault'),
  }));
  const [problems, setProblems] = useState<JoinProblems>(new Map());
  const [refusal, setRefusal] = useState<AppError | null>(null);
  const [isSending, setIsSending] = useState(false);
  const [filled, setFilled] = useState<InvitedConnection | null>(null);
  const invitation = useInvitation(texts.code);
  const fields = useRef(new Map<JoinField, HTMLInputElement>());
  const focusLater = useRef<JoinField | null>(null);
  // Focus the first invalid input after the render, because it may only appear with it.
  useLayoutEffect(() => {
    if (focusLater.current === null) return;
    const input = fields.current.get(focusLater.current);
    if (!input) return;
    focusLater.current = null;
    input.focus();
  });
  const focus = (field: JoinField) => {
    const input = fields.current.get(field);
    focusLater.current = input ? null : field;
    input?.focus();
  };
  const type = (field: keyof JoinTexts, text: string) => {
    setTexts((now) => ({ ...now, [field]: text }));
    setProblems((now) => new Map([...now].filter(([key]) => key !== field)));
    setRefusal(null);
  };
  const send = async () => {
    setIsSending(true);
    setRefusal(null);
    const { code, terminalName } = texts;
    try {
      const lock = await backend.join({ code: code.trim(), terminalName, connection: form.input });
      onReady({ state: 'locked', lock });
    } catch (thrown) {
      const error = asAppError(thrown);
      setRefusal(error);
      setStep(stepOf(error));
    } finally {
      setIsSending(false);
    }
  };
  /**
   * Prefills the connection from the pairing code and goes to the next step. Keeps the user's changes if the code is
   * the same as before.
   */
  const applyCode = async () => {
    setIsSending(true);
    setRefusal(null);
    try {
      const { connection } = await backend.readPairing(texts.code);
      if (connection && JSON.stringify(connection) !== JSON.stringify(filled)) {
        const { servers, prefix, transport } = connection;
        form.edit({ servers, prefix, transport });
      }
      setFilled(connection);
      setStep(1);
    } catch (thrown) {
      setRefusal(asAppError(thrown));
      focus('code');
    } finally {
      setIsSending(false);
    }
  };
  const next = () => {
    if (isSending) return;
    const found = problemsOf(step, texts, form.connection.servers);
    setProblems(found);
    const [first] = found.keys();
    if (first) return focus(first);
    if (step === 2) return void send();
    if (step === 0) return void applyCode();
    setRefusal(null);
    setStep(2);
  };
  const openFile = async () => {
    setRefusal(null);
    try {
      const code = await backend.openPairing();
      if (code === null) return;
      type('code', code);
      focus('code');
    } catch (thrown) {
      setRefusal(asAppError(thrown));
    }
  };
  const register = (field: JoinField) => (element: HTMLInputElement | null) => {
    if (element) fields.current.set(field, element);
    else fields.current.delete(field);
  };
  const errorOf = (field: JoinField): string | null => {
    const problem = problems.get(field);
    if (!problem) return null;
    if (field === 'servers' && form.hasServers) return null;
    return t(`error.${problem.kind}`, { max: LIMITS.name, value: problem.count });
  };
  return {
    step,
    texts,
    form,
    invitation,
    filled,
    refusal,
    isSending,
    type,
    focus,
    next,
    back: () => {
      setRefusal(null);
      setStep(step === 2 ? 1 : 0);
    },
    openFile,
    register,
    errorOf,
  };
}

export type Join = ReturnType<typeof useJoin>;
