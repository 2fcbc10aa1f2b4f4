import { Button } from '@mantine/core';
import { Download } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Reports.module.css';

interface PanelProps {
  title: string;
  note?: string;
  /** The end of the test ids. */
  name: string;
  /** Writes the panel's table to a file. */
  onExport?: () => void;
  children: ReactNode;
}

/** A part of the report with its title. */
export function Panel({ title, note, name, onExport, children }: PanelProps) {
  const { t } = useTranslation('reports');
  const id = useId();
  return (
    <section className={classes.panel} aria-labelledby={id} data-testid={`period-panel-${name}`}>
      <header className={classes.panelHead}>
        <h2 id={id}>{title}</h2>
        {onExport && (
          <Button
            size="sm"
            variant="default"
            className={classes.screenOnly}
            leftSection={<Download size={16} strokeWidth={1.75} />}
            aria-label={t('exportOf', { title })}
            data-testid={`period-export-${name}`}
            onClick={onExport}
          >
            {t('export')}
          </Button>
        )}
      </header>
      {note && <p className={classes.quiet}>{note}</p>}
      {children}
    </section>
  );
}
