import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Moment, MomentView } from '../../backend';
import { parseDate } from '../../shared/dates';
import { isComposing } from '../../shared/inputMethod';
import { Kbd } from '../../shared/parts';
import { useLanguage } from '../../shared/preferences';
import { dottedDate, formatClock, formatIsoDate, formatMoment, useNow } from '../../shared/time';
import { parseTime } from '../../shared/time/parseTime';
import classes from './Toolbar.module.css';
import { momentOf } from './travel';

const VIEWS: readonly MomentView[] = ['asItWas', 'asKnownHere'];

interface TravelBarProps {
  moment: Moment | null;
  /** Since when this terminal can say what it knew; null if always. */
  knownSince: number | null;
  onGo: (moment: Moment) => void;
  onBack: () => void;
}

/** Chooses the moment at which the history is shown: a date, a time, and which records count then. */
export function TravelBar({ moment, knownSince, onGo, onBack }: TravelBarProps) {
  const { t } = useTranslation('mypage');
  const { t: common } = useTranslation('common');
  const language = useLanguage();
  const now = useNow();
  const begun = useRef(moment?.at ?? now);
  const [date, setDate] = useState(dottedDate(formatIsoDate(begun.current)));
  const [time, setTime] = useState(formatClock(begun.current));
  const [view, setView] = useState<MomentView>(moment?.view ?? 'asItWas');
  const [problem, setProblem] = useState<'format' | 'missing' | 'noTime' | null>(null);
  const message = useId();
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.select(), []);

  const go = (chosen: MomentView) => {
    const parsed = parseDate(date);
    if ('problem' in parsed) return setProblem(parsed.problem);
    const clock = parseTime(time);
    if (!parsed.date) return setProblem('format');
    if (!clock) return setProblem('noTime');
    setProblem(null);
    onGo(momentOf(parsed.date, clock, chosen));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !isComposing(event)) go(view);
  };
  const field = (label: 'date' | 'time', value: string, set: (text: string) => void) => (
    <TextInput
      size="sm"
      className={classes.date}
      ref={label === 'date' ? first : undefined}
      aria-label={t(`travel.${label}`)}
      inputMode="numeric"
      autoComplete="off"
      spellCheck={false}
      value={value}
      error={problem !== null && (problem === 'noTime') === (label === 'time')}
      aria-describedby={problem ? message : undefined}
      data-autofocus={label === 'date' || undefined}
      data-testid={`travel-${label}`}
      onChange={(event) => {
        set(event.currentTarget.value);
        setProblem(null);
      }}
      onKeyDown={onKeyDown}
    />
  );
  return (
    <div className={classes.travel} role="group" aria-label={t('travel.title')} data-testid="travel">
      <div className={classes.dates}>
        {field('date', date, setDate)}
        {field('time', time, setTime)}
      </div>
      <SegmentedControl
        aria-label={t('travel.view')}
        value={view}
        onChange={(value) => {
          setView(value as MomentView);
          if (moment) go(value as MomentView);
        }}
        data={VIEWS.map((value) => ({
          value,
          label: (
            <span data-testid={`travel-${value}`} title={t(`travel.${value}Hint`)}>
              {t(`travel.${value}`)}
            </span>
          ),
        }))}
      />
      <Button size="sm" data-testid="travel-go" onClick={() => go(view)}>
        {t('travel.go')}
      </Button>
      <Button
        size="sm"
        variant="default"
        rightSection={<Kbd>Esc</Kbd>}
        data-testid="travel-back"
        onClick={onBack}
      >
        {t('travel.back')}
      </Button>
      {problem && (
        <p id={message} className={classes.travelProblem} role="alert">
          {problem === 'noTime' ? t('travel.noTime') : common(`dates.${problem}`)}
        </p>
      )}
      {moment && (
        <p className={classes.travelling} role="status" data-testid="travelling">
          <strong>
            {t('travel.showing', {
              moment: `${dottedDate(formatIsoDate(moment.at))} ${formatClock(moment.at)}`,
              view: t(`travel.${moment.view}`),
            })}
          </strong>{' '}
          {t(`travel.${moment.view}Hint`)} {t('travel.showingHint')}
          {knownSince !== null && moment.at < knownSince && (
            <> {t('travel.knownSince', { moment: formatMoment(knownSince, language) })}</>
          )}
        </p>
      )}
    </div>
  );
}
