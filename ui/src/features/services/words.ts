import {
  CircleAlert,
  CircleDashed,
  CirclePause,
  CirclePlay,
  CloudOff,
  FastForward,
  type LucideIcon,
  TriangleAlert,
} from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContextState, ContextView, EdgeMeasure, ServiceNode, StoppedBy } from '../../backend';
import { useMypageEngine } from '../../shared/data/mypageEngine';
import { formatNumber } from '../../shared/format';
import type { Tone as TagTone } from '../../shared/parts';
import { formatClock } from '../../shared/time';
import { useWords } from '../../shared/words';
import { isNotSetUp, MYPAGE_DB, refusesForPoint, type ServiceMap } from './graph/map';
import { formatRate, latencyOf } from './measure';

export type Tone = 'ok' | 'quiet' | 'warn' | 'bad' | 'stopped';

export interface Shown {
  Icon: LucideIcon;
  tone: Tone;
  text: string;
  /** The backlog of a context, or the time of a terminal's last heartbeat. */
  detail: string | null;
}

const ICONS: Record<ContextState, LucideIcon> = {
  running: CirclePlay,
  catching_up: FastForward,
  failing: CircleAlert,
  stopped: CirclePause,
};
export const TONES: Record<ContextState, Tone> = {
  running: 'ok',
  catching_up: 'quiet',
  failing: 'bad',
  stopped: 'stopped',
};
/** The tone of a tag with a state: only what runs, fails or needs care has a colour. */
export const tagTone = (tone: Tone): TagTone => (tone === 'quiet' || tone === 'stopped' ? 'plain' : tone);
export const iconOf = (state: ContextState): LucideIcon => ICONS[state];

/** Names and states of the graph's nodes in the user's language. */
export function useServiceWords() {
  const { t } = useTranslation('services');
  const { t: common } = useTranslation('common');
  const { ago, clockOrDay } = useWords();
  const { data: store } = useMypageEngine();
  const isOnServer = store?.engine === 'postgres';
  return useMemo(() => {
    /** The text key of a node; Mypage's database may be a server instead of a file. */
    const textKeyOf = (id: string) => (id === MYPAGE_DB && isOnServer ? 'mypage_server' : id);
    const nameOf = (id: string): string => t(`name.${textKeyOf(id)}` as 'name.point', { defaultValue: id });
    const waiting = ({ name, lag }: Pick<ContextView, 'name' | 'lag'>): string | null => {
      if (lag === 0) return null;
      const value = formatNumber(lag);
      if (name === 'publisher') return t('lag.publisher', { value });
      return name === 'consumer' ? t('lag.consumer', { value }) : t('lag.changes', { value });
    };
    const notSetUp: Shown = { Icon: CircleDashed, tone: 'stopped', text: t('state.notSetUp'), detail: null };
    return {
      nameOf,
      aboutOf: (place: string): string => t(`about.${textKeyOf(place)}` as 'about.sqlite'),
      waiting,
      /** A sentence that says who stopped a context and when. */
      stoppedBy({ at, via, role, staffName }: StoppedBy, now: number): string {
        const time = clockOrDay(at, now);
        if (via === 'rest') return t('stopped.rest', { time });
        return t('stopped.staff', { time, role: common(`role.${role}`), name: staffName ?? '' });
      },
      context(context: ContextView, map: ServiceMap): Shown {
        const { contexts, kafka } = map;
        const { name, state, stoppedBy, attempt } = context;
        if (isNotSetUp(map, name)) return notSetUp;
        const shown = { Icon: ICONS[state], tone: TONES[state], text: t(`state.${state}`) };
        const isCalm = state === 'running' && (name !== 'publisher' || kafka !== 'failing');
        const tries = attempt === null ? null : t('attempt.short', { value: formatNumber(attempt) });
        const detail = isCalm ? null : (waiting(context) ?? tries);
        if (state === 'running' && refusesForPoint(contexts, name)) {
          return { Icon: TriangleAlert, tone: 'warn', text: t('state.refuses'), detail };
        }
        if (stoppedBy)
          return { ...shown, text: t('state.stoppedAt', { time: formatClock(stoppedBy.at) }), detail };
        return { ...shown, detail };
      },
      kafka(state: ContextState): Shown {
        if (state === 'stopped') return notSetUp;
        if (state === 'failing')
          return { Icon: CloudOff, tone: 'warn', text: t('state.offline'), detail: null };
        return {
          Icon: ICONS[state],
          tone: TONES[state],
          text: t(state === 'catching_up' ? 'state.reading' : 'state.connected'),
          detail: null,
        };
      },
      terminal({ state, lastHeardAt }: ServiceNode, now: number): Shown {
        const detail = lastHeardAt === null ? null : ago(lastHeardAt, now);
        if (state === 'running') return { Icon: CirclePlay, tone: 'ok', text: t('state.heard'), detail };
        return {
          Icon: CircleDashed,
          tone: 'quiet',
          text: t(state === null ? 'state.neverHeard' : 'state.silent'),
          detail,
        };
      },
      rate: ({ ratePerMinute }: EdgeMeasure): string => t('rate', { value: formatRate(ratePerMinute) }),
      latency(ms: number): string {
        const { value, unit } = latencyOf(ms);
        return t(`latency.${unit}`, { value });
      },
      /** The 99th percentile alone, for narrow labels. */
      highest({ p99Ms }: EdgeMeasure): string | null {
        if (p99Ms === null) return null;
        const { value, unit } = latencyOf(p99Ms);
        return t('traffic.p99', { value: t(`latency.${unit}`, { value }) });
      },
      /** Median and 99th percentile: `3.1 · 9.4 ms`; without a median `≤ 9.4 ms`. */
      latencies({ p50Ms, p99Ms }: EdgeMeasure): string | null {
        if (p99Ms === null) return null;
        const high = latencyOf(p99Ms);
        const highText = t(`latency.${high.unit}`, { value: high.value });
        if (p50Ms === null) return t('latency.atMost', { value: highText });
        const low = latencyOf(p50Ms);
        const lowText = low.unit === high.unit ? low.value : t(`latency.${low.unit}`, { value: low.value });
        return `${lowText} · ${highText}`;
      },
    };
  }, [t, common, ago, clockOrDay, isOnServer]);
}

export type ServiceWords = ReturnType<typeof useServiceWords>;
