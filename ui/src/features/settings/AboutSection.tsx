import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../shared/session';
import { LicencesDialog } from './LicencesDialog';
import { SectionHead } from './Section';
import classes from './Settings.module.css';

/** Shows the data folder, the version and ids, and what the program contains of others. */
export function AboutSection() {
  const { t } = useTranslation('settings');
  const { dataFolder, version, facility, terminal } = useSession();
  const clipboard = useClipboard({ timeout: 2_000 });
  const [isListOpen, setIsListOpen] = useState(false);
  const facts = [
    { name: 'folder', value: dataFolder },
    { name: 'version', value: version },
    { name: 'facility', value: facility.id },
    { name: 'terminal', value: terminal.id },
  ] as const;
  const all = facts.map(({ name, value }) => `${t(`about.${name}`)}: ${value}`).join('\n');
  return (
    <>
      <SectionHead title={t('about.title')} />
      <dl className={classes.facts}>
        {facts.map(({ name, value }) => (
          <div key={name}>
            <dt>{t(`about.${name}`)}</dt>
            <dd data-testid={`settings-about-${name}`} data-selectable>
              {value}
            </dd>
          </div>
        ))}
      </dl>
      <div className={classes.actions}>
        <Button size="md" variant="default" onClick={() => clipboard.copy(all)}>
          {t(clipboard.copied ? 'about.copied' : 'about.copy')}
        </Button>
        <Button
          size="md"
          variant="default"
          data-testid="settings-licences"
          onClick={() => setIsListOpen(true)}
        >
          {t('licences.open')}
        </Button>
      </div>
      {isListOpen && <LicencesDialog onClose={() => setIsListOpen(false)} />}
    </>
  );
}
