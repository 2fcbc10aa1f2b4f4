import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppError, asAppError, type StaffMember, useBackend } from '../../../backend';
import { useAdoptStaff, useStaffMembers } from '../../../shared/data/people';
import { Confirm, ErrorNotice, Tag } from '../../../shared/parts';
import { useSessionState } from '../../../shared/session';
import { useAttempt } from '../../../shared/useAttempt';
import { DoneNotice, LoadedSetting, SectionHead } from '../Section';
import classes from '../Settings.module.css';
import { PersonForm } from './PersonForm';
import { RecoveryPart } from './RecoveryPart';
import { ResetPinDialog } from './ResetPinDialog';

type Task = { kind: 'new' } | { kind: 'edit' | 'pin' | 'retire'; person: StaffMember } | null;

/** The people of the house: who may sign in, and as what. A change holds at all terminals, as it reaches them. */
export function PeopleSection() {
  const { t } = useTranslation('settings');
  const staff = useStaffMembers();
  const [task, setTask] = useState<Task>(null);
  const [said, setSaid] = useState<string | null>(null);
  const begin = (next: Task) => {
    setSaid(null);
    setTask(next);
  };
  const done = (words: string) => {
    setTask(null);
    setSaid(words);
  };
  return (
    <>
      <SectionHead title={t('people.title')}>{t('people.hint')}</SectionHead>
      <LoadedSetting query={staff}>
        {(members) => (
          <ul className={classes.rows} data-testid="settings-people">
            {members.map((person) => (
              <li key={person.staffId} data-testid="settings-person" data-name={person.name}>
                {task?.kind === 'edit' && task.person.staffId === person.staffId ? (
                  <PersonForm
                    person={person}
                    onSaved={() => done(t('saved'))}
                    onCancel={() => setTask(null)}
                  />
                ) : (
                  <PersonRow person={person} onTask={begin} />
                )}
              </li>
            ))}
          </ul>
        )}
      </LoadedSetting>
      {task?.kind === 'new' ? (
        <PersonForm onSaved={(name) => done(t('people.added', { name }))} onCancel={() => setTask(null)} />
      ) : (
        <div className={classes.actions}>
          <Button
            size="md"
            variant="default"
            data-testid="settings-person-new"
            onClick={() => begin({ kind: 'new' })}
          >
            {t('people.add')}
          </Button>
        </div>
      )}
      <DoneNotice>{said}</DoneNotice>
      {task?.kind === 'pin' && (
        <ResetPinDialog
          person={task.person}
          onClose={() => setTask(null)}
          onDone={() => done(t('people.pinDone', { name: task.person.name }))}
        />
      )}
      {task?.kind === 'retire' && (
        <RetireDialog
          person={task.person}
          onClose={() => setTask(null)}
          onDone={() => done(t('people.retired', { name: task.person.name }))}
        />
      )}
      <RecoveryPart />
    </>
  );
}

function PersonRow({ person, onTask }: { person: StaffMember; onTask: (task: Task) => void }) {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation('common');
  const { session } = useSessionState();
  const { name, role, retired, hasPin, lastManager, staffId } = person;
  return (
    <div className={classes.person} data-retired={retired || undefined}>
      <span className={classes.personName}>
        <b className="one-line" title={name} data-named>
          {name}
        </b>
        <small>{common(`role.${role}`)}</small>
        {staffId === session.staff.staffId && <Tag tone="accent">{t('people.you')}</Tag>}
        {retired && <Tag>{t('people.isRetired')}</Tag>}
        {!retired && !hasPin && <Tag tone="warn">{t('people.noPin')}</Tag>}
      </span>
      <span className={classes.rowActions}>
        <Button
          size="xs"
          variant="default"
          data-testid="settings-person-edit"
          onClick={() => onTask({ kind: 'edit', person })}
        >
          {t(retired ? 'people.bringBack' : 'people.edit')}
        </Button>
        {!retired && (
          <>
            <Button
              size="xs"
              variant="default"
              data-testid="settings-person-pin"
              onClick={() => onTask({ kind: 'pin', person })}
            >
              {t('people.pin')}
            </Button>
            <Button
              size="xs"
              variant="default"
              disabled={lastManager}
              title={lastManager ? t('people.last') : ''}
              data-testid="settings-person-retire"
              onClick={() => onTask({ kind: 'retire', person })}
            >
              {t('people.retire')}
            </Button>
          </>
        )}
      </span>
    </div>
  );
}

interface DialogProps {
  person: StaffMember;
  onClose: () => void;
  onDone: () => void;
}

function RetireDialog({ person, onClose, onDone }: DialogProps) {
  const { t } = useTranslation('settings');
  const backend = useBackend();
  const adopt = useAdoptStaff();
  const { session } = useSessionState();
  const { isBusy, attempt } = useAttempt();
  const [error, setError] = useState<AppError | null>(null);
  const retire = () =>
    attempt(async () => {
      try {
        adopt(await backend.retireStaff(person.staffId));
        onDone();
      } catch (thrown) {
        setError(asAppError(thrown));
      }
    });
  return (
    <Confirm
      title={t('people.retireTitle', { name: person.name })}
      keep={t('people.keep')}
      confirm={t('people.retire')}
      isBusy={isBusy}
      testId="settings-person-retire-confirm"
      onConfirm={() => void retire()}
      onClose={onClose}
    >
      <p>{t(person.staffId === session.staff.staffId ? 'people.retireSelf' : 'people.retireExplain')}</p>
      {error && <ErrorNotice error={error} />}
    </Confirm>
  );
}
