import { Button, Menu } from '@mantine/core';
import { Download, User, Users } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppError, useBackend } from '../../backend';
import type { DateRange } from '../../shared/dates';
import { type ExportChoice, ReasonDialog } from '../../shared/exports/ReasonDialog';
import { useHotkeys } from '../../shared/hotkeys';
import { useJobs } from '../../shared/jobs';
import { Kbd } from '../../shared/parts';
import { useMayAct } from '../../shared/roles';
import { dottedDate } from '../../shared/time';
import classes from './Toolbar.module.css';

/** Focuses a menu item after two animation frames, because the menu is positioned and visible only then. */
const focusWhenVisible = (item: HTMLButtonElement | null) => {
  if (item) requestAnimationFrame(() => requestAnimationFrame(() => item.focus()));
};

interface ExportMenuProps {
  range: DateRange;
  /** The customer whose history is shown. Without one, only the histories of all customers can be exported. */
  customer?: { customerId: string; name: string };
  onError: (error: AppError | null) => void;
}

/** Exports the history of this customer or of all customers as CSV, within the date range. The dock shows the job. */
export function ExportMenu({ range, customer, onError }: ExportMenuProps) {
  const { t } = useTranslation('mypage');
  const backend = useBackend();
  const { track } = useJobs();
  const [opened, setOpened] = useState(false);
  const [asking, setAsking] = useState(false);
  const [choosing, setChoosing] = useState<{ customerId: string | null } | null>(null);
  const mayAct = useMayAct();
  const isAllowed = mayAct('supervisor');

  const period = (() => {
    const from = range.from ? dottedDate(range.from) : '';
    const to = range.to ? dottedDate(range.to) : '';
    if (from && to) return t('export.between', { from, to });
    if (from) return t('export.since', { from });
    return to ? t('export.until', { to }) : t('export.always');
  })();
  const send = async (customerId: string | null, choice: ExportChoice) => {
    onError(null);
    setChoosing(null);
    setAsking(true);
    try {
      track(await backend.exportHistories({ ...range, ...choice, ...(customerId && { customerId }) }));
    } catch (error) {
      onError(error as AppError);
    } finally {
      setAsking(false);
    }
  };
  /** A supervisor's export has masked names; a manager's needs a reason for the names. */
  const run = (customerId: string | null = null) =>
    mayAct('manager') ? setChoosing({ customerId }) : void send(customerId, { masked: true });
  const target = useRef<HTMLButtonElement>(null);
  const turn = () => {
    // The menu hides where its button is out of sight.
    target.current?.scrollIntoView({ block: 'nearest' });
    setOpened((now) => !now);
  };
  useHotkeys({ 'Ctrl E': () => (customer ? turn() : run()) }, { enabled: isAllowed });
  const buttonProps = {
    variant: 'default',
    leftSection: <Download size={16} strokeWidth={1.75} />,
    rightSection: <Kbd>Ctrl E</Kbd>,
    loading: asking,
    className: classes.export ?? '',
  };
  const question = choosing && (
    <ReasonDialog
      canMask
      onChoose={(choice) => void send(choosing.customerId, choice)}
      onClose={() => setChoosing(null)}
    />
  );
  if (!isAllowed) return null;
  if (!customer) {
    return (
      <>
        <Button {...buttonProps} title={t('export.where')} data-testid="export-all" onClick={() => run()}>
          {t('export.button')}
        </Button>
        {question}
      </>
    );
  }
  return (
    <>
      <Menu
        opened={opened}
        onChange={setOpened}
        position="bottom-end"
        width={320}
        trapFocus={false}
        returnFocus
        transitionProps={{ duration: 0 }}
      >
        <Menu.Target>
          <Button {...buttonProps} ref={target} data-testid="export-open">
            {t('export.button')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            ref={focusWhenVisible}
            leftSection={<User size={20} strokeWidth={1.75} />}
            data-testid="export-customer"
            onClick={() => run(customer.customerId)}
          >
            <span className={classes.choice}>
              <b className="one-line" title={customer.name} data-named>
                {t('export.customerHint', { name: customer.name })}
              </b>
              <small>{period}</small>
            </span>
          </Menu.Item>
          <Menu.Item
            leftSection={<Users size={20} strokeWidth={1.75} />}
            data-testid="export-all"
            onClick={() => run()}
          >
            <span className={classes.choice}>
              <b>{t('export.allHint')}</b>
              <small>{period}</small>
            </span>
          </Menu.Item>
          <Menu.Divider />
          <p className={classes.where}>{t('export.where')}</p>
        </Menu.Dropdown>
      </Menu>
      {question}
    </>
  );
}
