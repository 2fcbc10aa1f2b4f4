import { Modal, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asAppError } from '../../backend';
import { formatNumber } from '../../shared/format';
import { EmptyState, ErrorNotice, VirtualRows } from '../../shared/parts';
import classes from './Licences.module.css';

const ROW_HEIGHT = 56;
const NOTHING: readonly ThirdPartyPackage[] = [];
type ThirdPartyPackage = Awaited<ReturnType<typeof load>>['packages'][number];

/** The list is made while the screens are built, and large; it is loaded when somebody asks for it. */
const load = async () => (await import('virtual:third-party')).default;
const keyOf = ({ name, version }: ThirdPartyPackage) => `${name} ${version}`;

/** What the program contains of others, each with its licence. */
export function LicencesDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('settings');
  const { data, error, refetch } = useQuery({
    queryKey: ['third-party'],
    queryFn: load,
    staleTime: Infinity,
  });
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const searched = text.trim().toLowerCase();
  const rows = (data?.packages ?? NOTHING).filter(({ name, licence }) =>
    `${name} ${licence}`.toLowerCase().includes(searched),
  );
  const shown = rows.find((row) => keyOf(row) === chosen) ?? rows[0];
  return (
    <Modal opened onClose={onClose} size={960} title={t('licences.title')} data-testid="licences-dialog">
      <div className={classes.licences}>
        <p className={classes.hint}>
          {t('licences.hint', { value: formatNumber(data?.packages.length ?? 0) })}
        </p>
        {error && <ErrorNotice error={asAppError(error)} onRetry={() => void refetch()} />}
        <TextInput
          aria-label={t('licences.search')}
          placeholder={t('licences.search')}
          value={text}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          data-testid="licences-search"
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {data && rows.length === 0 && <EmptyState>{t('licences.none')}</EmptyState>}
        {data && shown && (
          <div className={classes.columns}>
            <VirtualRows
              rows={rows}
              keyOf={keyOf}
              heightOf={() => ROW_HEIGHT}
              className={classes.list}
              label={t('licences.title')}
              render={(row) => (
                <button
                  type="button"
                  className={classes.row}
                  aria-current={row === shown || undefined}
                  data-testid="licences-row"
                  onClick={() => setChosen(keyOf(row))}
                >
                  <span>{keyOf(row)}</span>
                  <small>{row.licence}</small>
                </button>
              )}
            />
            <section
              className={classes.text}
              aria-label={keyOf(shown)}
              // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text is scrolled by keyboard.
              tabIndex={0}
              data-testid="licences-text"
            >
              <h3>{keyOf(shown)}</h3>
              <p data-selectable>{shown.source}</p>
              {shown.texts.map((index) => (
                <pre key={index} data-selectable>
                  {data.texts[index]}
                </pre>
              ))}
            </section>
          </div>
        )}
      </div>
    </Modal>
  );
}
