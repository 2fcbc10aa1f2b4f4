import { Modal, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Search, UserRound } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useBackend } from '../../backend';
import { useCombobox } from '../../shared/combobox';
import { keys, useCustomerCard } from '../../shared/data/queries';
import { phoneEnding } from '../../shared/format';
import { isComposing } from '../../shared/inputMethod';
import { useNavigation } from '../../shared/navigation';
import { useWords } from '../../shared/words';
import { findEntries } from './findEntries';
import classes from './Palette.module.css';
import { noteUsed, recentEntries } from './recent';
import { type Entry, useEntries } from './useEntries';

interface Props {
  opened: boolean;
  onClose: () => void;
  onKeys: () => void;
  onGuide: () => void;
}

/** The palette finds people, actions, screens and their sections by what is typed. */
export function Palette({ opened, onClose, onKeys, onGuide }: Props) {
  const { t } = useTranslation('app');
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      withCloseButton={false}
      padding={0}
      size={560}
      yOffset="min(96px, 8vh)"
      title={t('palette.label')}
      classNames={{ header: 'visually-hidden', body: classes.body ?? '' }}
      data-testid="palette"
    >
      <PaletteList onClose={onClose} onKeys={onKeys} onGuide={onGuide} />
    </Modal>
  );
}

const PEOPLE_SHOWN = 5;
const SEARCH_DEBOUNCE_MS = 80;

/** The people that a text means, as at the desk. `isPending` while they belong to an earlier text. */
function usePeople(text: string): { people: Entry[]; isPending: boolean } {
  const backend = useBackend();
  const { go } = useNavigation();
  const { nameOf } = useWords();
  const typed = text.trim();
  const [searched] = useDebouncedValue(typed, SEARCH_DEBOUNCE_MS);
  const { data, isPlaceholderData, isFetching } = useQuery({
    queryKey: keys.search(searched, PEOPLE_SHOWN),
    queryFn: () => backend.searchCustomers({ text: searched, limit: PEOPLE_SHOWN }),
    placeholderData: keepPreviousData,
    enabled: searched !== '',
  });
  if (typed === '') return { people: [], isPending: false };
  const people = (data?.hits ?? []).map(({ customer, phone }): Entry => {
    const label = [nameOf(customer), phoneEnding(phone)].filter(Boolean).join(' · ');
    return {
      id: `person ${customer.customerId}`,
      group: 'people',
      Icon: UserRound,
      label,
      labels: [label],
      run: () => go('desk', customer.customerId),
    };
  });
  const isPending = searched !== typed || isPlaceholderData || (isFetching && data === undefined);
  return { people: isPending ? [] : people, isPending };
}

function PaletteList({ onClose, onKeys, onGuide }: Omit<Props, 'opened'>) {
  const { t } = useTranslation('app');
  const { customerId } = useNavigation();
  const [text, setText] = useState('');
  const [index, setIndex] = useState(0);
  const { data: card } = useCustomerCard(customerId);
  const { people, isPending } = usePeople(text);
  const entries = findEntries(text, useEntries(card, onKeys, onGuide), people, recentEntries());
  const chosen = Math.min(index, entries.length - 1);
  const combobox = useCombobox(t('palette.label'), entries.length, chosen);
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another entry is chosen.
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen, text]);

  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    if (entry.group !== 'people') noteUsed(entry.id);
    onClose();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === 'ArrowDown') setIndex(chosen + 1 < entries.length ? chosen + 1 : 0);
    else if (event.key === 'ArrowUp') setIndex(chosen > 0 ? chosen - 1 : entries.length - 1);
    else if (event.key === 'Enter') run(entries[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <TextInput
        data-autofocus
        data-testid="palette-search"
        data-search
        size="lg"
        variant="unstyled"
        className={classes.search}
        leftSection={<Search size={18} strokeWidth={1.75} />}
        placeholder={t('palette.placeholder')}
        aria-label={t('palette.label')}
        {...combobox.field}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setIndex(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div ref={list} {...combobox.list} className={classes.list}>
        {[...new Set(entries.map(({ group }) => group))].map((group) => {
          const members = entries.flatMap((entry, position) =>
            entry.group === group ? [{ entry, position }] : [],
          );
          return (
            <div key={group} role="group" aria-label={t(`palette.group.${group}`)}>
              <p className={classes.group} aria-hidden>
                {t(`palette.group.${group}`)}
              </p>
              {members.map(({ entry, position }) => (
                // The field keeps the focus, as in any combobox.
                <div
                  key={entry.id}
                  {...combobox.option(position, {
                    onClick: () => run(entry),
                    onMouseMove: () => setIndex(position),
                  })}
                  className={classes.item}
                  data-testid="palette-item"
                  data-id={entry.id}
                >
                  <entry.Icon size={16} strokeWidth={1.75} aria-hidden />
                  <span>{entry.label}</span>
                  {entry.hint && (
                    <span className={`one-line ${classes.hint}`} title={entry.hint} data-named>
                      {entry.hint}
                    </span>
                  )}
                </div>
              ))}
            </div>
          );
        })}
      </div>
      {entries.length === 0 && (
        <p className={classes.empty} role="status" data-testid="palette-empty">
          {t(isPending ? 'palette.searching' : 'palette.empty')}
        </p>
      )}
    </>
  );
}
