import { Button, Menu } from '@mantine/core';
import { Download, User, Users } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppError, useBackend } from '../../backend';
import { useHotkeys } from '../../shared/hotkeys';
import { useJobs } from '../../shared/jobs';
import { Kbd } from '../../shared/parts';
import { type DateRange, shownDate } from './range';
import classes from './Toolbar.module.css';

/** The first choice has the cursor, once the menu has found its place and can be seen. */
const takeFocus = (item: HTMLButtonElement | null) => {
  if (item) requestAnimationFrame(() => requestAnimationFrame(() => item.focus()));
};

interface ExportMenuProps {
  range: DateRange;
  /** Whose history is on screen, if anyone's. */
  customer?: { customerId: string; name: string };
  onError: (error: AppError | null) => void;
}

/** CSV of this customer or of all between the two dates; the dock tells the rest. */
export function ExportMenu({ range, customer, onError }: ExportMenuProps) {
  const { t } = useTranslation('mypage');
  const backend = useBackend();
  const { track } = useJobs();
  const [opened, setOpened] = useState(false);
  const [asking, setAsking] = useState(false);

  const period = (() => {
    const from = range.from ? shownDate(range.from) : '';
    const to = range.to ? shownDate(range.to) : '';
    if (from && to) return t('export.between', { from, to });
    if (from) return t('export.since', { from });
    return to ? t('export.until', { to }) : t('export.always');
  })();
  const run = async (customerId?: string) => {
    onError(null);
    setAsking(true);
    try {
      track(await backend.exportHistories({ ...range, ...(customerId ? { customerId } : {}) }));
    } catch (error) {
      onError(error as AppError);
    } finally {
      setAsking(false);
    }
  };
  useHotkeys({ 'Ctrl E': () => (customer ? setOpened((now) => !now) : void run()) });
  const look = {
    variant: 'default',
    leftSection: <Download size={16} strokeWidth={1.75} />,
    rightSection: <Kbd>Ctrl E</Kbd>,
    loading: asking,
    className: classes.export ?? '',
  };
  if (!customer) {
    return (
      <Button {...look} title={t('export.where')} data-testid="export-all" onClick={() => void run()}>
        {t('export.button')}
      </Button>
    );
  }
  return (
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
        <Button {...look} data-testid="export-open">
          {t('export.button')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          ref={takeFocus}
          leftSection={<User size={20} strokeWidth={1.75} />}
          data-testid="export-customer"
          onClick={() => void run(customer.customerId)}
        >
          <span className={classes.choice}>
            <b className="one-line">{t('export.customerHint', { name: customer.name })}</b>
            <small>{period}</small>
          </span>
        </Menu.Item>
        <Menu.Item
          leftSection={<Users size={20} strokeWidth={1.75} />}
          data-testid="export-all"
          onClick={() => void run()}
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
  );
}
