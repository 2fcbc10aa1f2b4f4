import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigation } from '../../../shared/navigation';
import { Tag } from '../../../shared/parts';
import { type Shown, tagTone } from '../words';
import classes from './ServicePane.module.css';

export function PaneHead({ title, shown, children }: { title: string; shown?: Shown; children?: ReactNode }) {
  return (
    <header className={classes.head}>
      <div className={classes.headLine}>
        <h2 className="one-line" title={title}>
          {title}
        </h2>
        {shown && (
          <span className={classes.state} data-testid="service-state">
            <Tag tone={tagTone(shown.tone)}>
              <shown.Icon size={14} strokeWidth={1.75} aria-hidden />
              {shown.text}
            </Tag>
          </span>
        )}
      </div>
      {children && <p className={classes.hint}>{children}</p>}
    </header>
  );
}

export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h3 className={classes.sectionTitle}>{title}</h3>
      {children}
    </section>
  );
}

/** Joins a time and its age. After a day both texts are the same, and are shown only once. */
export const timeAndAge = (time: string, ago: string) => (time === ago ? time : `${time} · ${ago}`);

interface LabelledValue {
  label: string;
  value: string;
  testId: string;
}

export function Rows({ rows }: { rows: LabelledValue[] }) {
  return (
    <dl className={classes.rows}>
      {rows.map(({ label, value, testId }) => (
        <div key={testId} data-testid={testId}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Shown if no Kafka cluster is configured: an explanation, and a button to the settings. */
export function NotSetUp({ children }: { children: ReactNode }) {
  const { t } = useTranslation('services');
  const { goToSection } = useNavigation();
  return (
    <>
      <p className={classes.text}>{children}</p>
      <Button
        size="md"
        variant="default"
        fullWidth
        data-testid="services-connection"
        onClick={() => goToSection('connection')}
      >
        {t('notSetUp.settings')}
      </Button>
    </>
  );
}

/** A button to the sync screen, which has the details. */
export function ToSync() {
  const { t } = useTranslation('services');
  const { go } = useNavigation();
  return (
    <Button size="md" variant="default" fullWidth data-testid="services-sync" onClick={() => go('sync')}>
      {t('toSync')}
    </Button>
  );
}
