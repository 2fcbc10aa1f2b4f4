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
import { formatIsoDate, ZONE } from '../../shared/format';
import { useWords } from '../../shared/words';
import { type Took, tookOf } from './took';

/** What steps have in common, by which they are coloured. */
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

/** `10:47:03.218`: clicks lie close together. */
const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});

/** Spans in the user's language. */
export function useTraceWords() {
  const { t } = useTranslation('traces');
  const { t: errors } = useTranslation('errors');
  const { clockOrDay } = useWords();
  return useMemo(() => {
    const took = ({ value, unit }: Took): string => t(`took.${unit}`, { value });
    return {
      stepOf: (step: SpanStep): string => t(`step.${step}`),
      /** A command, a fact or a route; what has no word of ours stands as it is. */
      subjectOf: (subject: string): string =>
        t(`subject.${subject}` as 'subject.pay', { defaultValue: subject || t('subject.none') }),
      /** A stable code in words, anything else as it is. */
      problemOf(problem: string): string {
        if (!/^[a-z_]+$/.test(problem)) return problem;
        const own = t(`problem.${problem}` as 'problem.prohibited', { defaultValue: '' });
        return own || errors(`${problem}.title` as 'internal.title', { defaultValue: problem });
      },
      /** `nosmoke.terminal` in words, one of another version as it is. */
      attributeOf(name: string): string {
        const last = name.slice(name.lastIndexOf('.') + 1);
        return t(`attribute.${last}` as 'attribute.terminal', { defaultValue: name });
      },
      /** Why the span before this one isn't shown. */
      cutOff({ step }: TraceSpan): string {
        if (step === 'apply' || step === 'giving') return t('cutOff.terminal');
        return t(step === 'request' ? 'cutOff.program' : 'cutOff.unknown');
      },
      took,
      ms: (ms: number): string => took(tookOf(ms)),
      /** `10:47:03`, before today with its day. */
      began(at: number): string {
        const now = Date.now();
        return formatIsoDate(at) === formatIsoDate(now) ? clock.format(at).slice(0, 8) : clockOrDay(at, now);
      },
      exactly: (at: number): string => `${formatIsoDate(at)} ${clock.format(at)}`,
    };
  }, [t, errors, clockOrDay]);
}
