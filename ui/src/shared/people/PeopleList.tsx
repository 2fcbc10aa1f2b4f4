import { TextInput, UnstyledButton } from '@mantine/core';
import { Search } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Role } from '../../backend';
import { isComposing } from '../inputMethod';
import type { Layer } from '../layers';
import { Kbd } from '../parts';
import { useChoiceKeys } from '../scan/choiceKeys';
import { matchesName } from './hangul';
import classes from './people.module.css';

/** So many people have a number key. */
const KEYS_MAX = 9;

export interface Person {
  staffId: string;
  name: string;
  role: Role;
}

interface Props<P extends Person> {
  people: readonly P[];
  /** The person who is marked at first. */
  first?: string | null;
  /** More about a person, at the end of the line. */
  aside?: (person: P) => ReactNode;
  layer: Layer;
  onChoose: (person: P) => void;
}

/** People to choose from: by their number, with the arrow keys and Enter, or by typing letters of the name. */
export function PeopleList<P extends Person>({ people, first, aside, layer, onChoose }: Props<P>) {
  const { t } = useTranslation('people');
  const { t: common } = useTranslation('common');
  const [text, setText] = useState('');
  const [marked, setMarked] = useState<string | null>(first ?? null);
  const list = useRef<HTMLDivElement>(null);
  const found = people.filter(({ name }) => matchesName(name, text));
  const position = Math.max(
    0,
    found.findIndex(({ staffId }) => staffId === marked),
  );
  const chosen = found[position];
  const markedId = chosen?.staffId;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another marked person is the reason to scroll.
  useEffect(() => {
    list.current?.querySelector('[data-marked]')?.scrollIntoView({ block: 'nearest' });
  }, [markedId]);
  useChoiceKeys(
    Object.fromEntries(
      found.slice(0, KEYS_MAX).map((person, index) => [String(index + 1), () => onChoose(person)]),
    ),
    { layer },
  );
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    const to = { ArrowDown: position + 1, ArrowUp: position - 1 }[event.key];
    if (to !== undefined) setMarked(found[Math.min(Math.max(to, 0), found.length - 1)]?.staffId ?? null);
    else if (event.key === 'Enter' && chosen && !event.repeat) onChoose(chosen);
    else return;
    event.preventDefault();
  };
  return (
    <div className={classes.choice}>
      <TextInput
        autoFocus
        data-autofocus
        data-search
        data-testid="people-find"
        aria-label={t('find')}
        placeholder={t('find')}
        leftSection={<Search size={16} strokeWidth={1.75} aria-hidden />}
        autoComplete="off"
        spellCheck={false}
        value={text}
        // A digit chooses a person, so it is no part of a name.
        onChange={(event) => setText(event.currentTarget.value.replaceAll(/\d/g, ''))}
        onKeyDown={onKeyDown}
      />
      <div ref={list} className={classes.people} data-testid="people">
        {found.map((person, index) => (
          <UnstyledButton
            key={person.staffId}
            tabIndex={-1}
            className={classes.person}
            data-testid="person"
            data-marked={person === chosen || undefined}
            onMouseMove={() => setMarked(person.staffId)}
            onClick={() => onChoose(person)}
          >
            {index < KEYS_MAX ? <Kbd>{index + 1}</Kbd> : <span />}
            <span className={classes.who}>
              <b className="one-line" title={person.name} data-named>
                {person.name}
              </b>
              <small>{common(`role.${person.role}`)}</small>
            </span>
            {aside?.(person)}
          </UnstyledButton>
        ))}
        {found.length === 0 && <p className={classes.nobody}>{t('nobody')}</p>}
      </div>
    </div>
  );
}
