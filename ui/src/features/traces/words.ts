import {
  ArrowDownToLine,
  CheckCheck,
  CircleDashed,
  CirclePlus,
  Database,
  Globe,
  HandCoins,
  type LucideIcon,
  MousePointerClick,
  Scale,
  Send,
  SquareTerminal,
} from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { SpanStep, TraceSpan } from '../../backend';
import { useWords } from '../../shared/words';
import { type SpanDuration, spanDuration } from './spanDuration';

/** Groups of steps with the same colour. */
export type Kind = 'in' | 'work' | 'follows' | 'exchange' | 'other';

const LOOKS: Record<SpanStep, [kind: Kind, Icon: LucideIcon]> = {
  click: ['in', MousePointerClick],
  request: ['in', Globe],
  command: ['work', SquareTerminal],
  decision: ['work', Scale],
  transaction: ['work', Database],
  earning: ['follows', CirclePlus],
  giving: ['follows', HandCoins],
  publish: ['exchange', Send],
  read_back: ['exchange', CheckCheck],
  apply: ['exchange', ArrowDownToLine],
  other: ['other', CircleDashed],
};
export const kindOf = (step: SpanStep): Kind => LOOKS[step][0];
export const iconOf = (step: SpanStep): LucideIcon => LOOKS[step][1];

/** The texts of spans in the user's language. */
export function useTraceWords() {
  const { t } = useTranslation('traces');
  const { t: errors } = useTranslation('errors');
  const { secondsOrDay } = useWords();
  return useMemo(() => {
    const took = ({ value, unit }: SpanDuration): string => t(`took.${unit}`, { value });
    return {
      stepOf: (step: SpanStep): string => t(`step.${step}`),
      /** The name of a command, fact or route in words; an unknown one unchanged. */
      subjectOf: (subject: string): string =>
        t(`subject.${subject}` as 'subject.pay', { defaultValue: subject || t('subject.none') }),
      /** The text of an error code; a problem that isn't an error code unchanged. */
      problemOf(problem: string): string {
        if (!/^[a-z_]+$/.test(problem)) return problem;
        const own = t(`problem.${problem}` as 'problem.prohibited', { defaultValue: '' });
        return own || errors(`${problem}.title` as 'internal.title', { defaultValue: problem });
      },
      /** The name of an attribute such as `nosmoke.terminal` in words; an unknown one unchanged. */
      attributeOf(name: string): string {
        const last = name.slice(name.lastIndexOf('.') + 1);
        return t(`attribute.${last}` as 'attribute.terminal', { defaultValue: name });
      },
      /** Says where a span's parent was recorded that this terminal doesn't have. */
      cutOff({ step }: TraceSpan): string {
        if (step === 'apply' || step === 'giving') return t('cutOff.terminal');
        return t(step === 'request' ? 'cutOff.program' : 'cutOff.unknown');
      },
      took,
      ms: (ms: number): string => took(spanDuration(ms)),
      /** The time of a trace's start: `10:47:03` if it was today, otherwise with the day. */
      began: (at: number): string => secondsOrDay(at, Date.now()),
    };
  }, [t, errors, secondsOrDay]);
}
