import { CircleCheck } from 'lucide-react';
import { useCallback, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppError, type ImportPreview, useBackend } from '../../backend';
import { useCustomerCard } from '../../shared/data/queries';
import { useHotkeys } from '../../shared/hotkeys';
import { useJobs } from '../../shared/jobs';
import { useNavigation } from '../../shared/navigation';
import { useSay } from '../../shared/notes';
import { ErrorNotice } from '../../shared/parts';
import { looksLikePhone, useTakeScans } from '../../shared/scan';
import { useWords } from '../../shared/words';
import { CustomerDetail, CustomerDetailSkeleton } from './CustomerDetail';
import { CustomerList } from './CustomerList';
import classes from './Customers.module.css';
import { ImportView } from './ImportView';
import { ProfileForm } from './ProfileForm';
import { ReplaceCardDialog } from './ReplaceCardDialog';

type Task = 'view' | 'new' | 'edit' | 'card';

/** Prefills the form of a new customer with the search text: as a card, a phone number, or a name. */
function initialOf(text: string, scanned: string | null) {
  if (text === scanned) return { card: text };
  if (looksLikePhone(text) || /^[\d\s-]{4,6}$/.test(text)) return { phone: text };
  return /\d{4,}/.test(text) ? { card: text } : { name: text };
}

/** The customers screen (고객): search, registration, editing and import. */
export function CustomersScreen() {
  const { t } = useTranslation('customers');
  const backend = useBackend();
  const words = useWords();
  const say = useSay();
  const { track } = useJobs();
  const { customerId, selectCustomer, go } = useNavigation();
  const search = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [task, setTask] = useState<Task>('view');
  /** The card that was read last. */
  const [scanned, setScanned] = useState<string | null>(null);
  const [message, setMessage] = useState<string | null>(null);
  const [preview, setPreview] = useState<ImportPreview | null>(null);
  const [importError, setImportError] = useState<AppError | null>(null);
  const [isOpeningImport, setIsOpeningImport] = useState(false);
  const card = useCustomerCard(customerId);
  const canEdit = card.data !== undefined && !card.data.erased && !card.data.customer.unknownHere;

  const begin = (next: Task) => {
    setMessage(null);
    setTask(next);
  };
  const showDetail = useCallback(() => {
    setTask('view');
    search.current?.focus();
  }, []);
  const choose = useCallback(
    (id: string) => {
      selectCustomer(id);
      setTask('view');
      setMessage(null);
    },
    [selectCustomer],
  );
  const openImport = async () => {
    if (isOpeningImport) return;
    setImportError(null);
    setIsOpeningImport(true);
    try {
      const found = await backend.previewImport();
      if (found) setPreview(found);
    } catch (thrown) {
      setImportError(thrown as AppError);
    } finally {
      setIsOpeningImport(false);
    }
  };
  const exportAll = async () => {
    setImportError(null);
    try {
      track(await backend.exportCustomers());
    } catch (thrown) {
      setImportError(thrown as AppError);
    }
  };
  const mypage = () => customerId && go('mypage', customerId);
  useHotkeys({ 'Ctrl N': () => begin('new'), F8: mypage }, { enabled: preview === null });

  useTakeScans({
    takeHolder: (read, holder) => {
      setPreview(null);
      setText(read);
      setScanned(read);
      selectCustomer(holder?.customer.customerId ?? null);
      begin('view');
      search.current?.focus();
      if (holder === null) say(t('search.noneByCard', { card: read }), 'warn');
    },
  });

  if (preview) {
    return (
      <ImportView
        key={preview.previewId}
        first={preview}
        onOtherFile={() => void openImport()}
        onClose={() => setPreview(null)}
      />
    );
  }
  const saved = (id: string, message: string) => {
    selectCustomer(id);
    setTask('view');
    setMessage(message);
    search.current?.focus();
  };
  const detail = () => {
    if (task === 'new') {
      return (
        <ProfileForm
          key="new"
          initial={initialOf(text, scanned)}
          onSaved={(id) => saved(id, t('form.registered'))}
          onCancel={showDetail}
          onOther={choose}
        />
      );
    }
    if (customerId === null) return <p className={classes.nobody}>{t('detail.none')}</p>;
    if (card.error) return <ErrorNotice error={card.error} onRetry={() => void card.refetch()} />;
    if (!card.data) return <CustomerDetailSkeleton />;
    if (task === 'edit') {
      return (
        <ProfileForm
          key={customerId}
          card={card.data}
          onSaved={(id) => saved(id, t('form.saved'))}
          onCancel={showDetail}
          onOther={choose}
        />
      );
    }
    return (
      <CustomerDetail
        card={card.data}
        onEdit={() => begin('edit')}
        onCard={() => begin('card')}
        onMypage={() => void mypage()}
      />
    );
  };
  return (
    <div className={classes.screen} data-testid="customers-screen">
      <CustomerList
        text={text}
        onText={setText}
        chosenId={customerId}
        onChoose={choose}
        onNew={() => begin('new')}
        onEdit={() => canEdit && begin('edit')}
        onImport={() => void openImport()}
        isOpeningImport={isOpeningImport}
        onExport={() => void exportAll()}
        searchRef={search}
      />
      <aside className={classes.side}>
        {importError && (
          <div className={classes.sideNotice}>
            <ErrorNotice error={importError} onRetry={() => void openImport()} />
            <p className={classes.note}>{t('import.columns')}</p>
          </div>
        )}
        {message && task === 'view' && (
          <p className={classes.said} role="status" data-testid="customers-said">
            <CircleCheck size={20} strokeWidth={1.75} aria-hidden />
            {message}
          </p>
        )}
        {detail()}
      </aside>
      {task === 'card' && card.data && (
        <ReplaceCardDialog
          card={card.data}
          onClose={() => setTask('view')}
          onDone={() => saved(card.data.customer.customerId, t('cardReplace.done'))}
        />
      )}
      <span className="visually-hidden" aria-live="polite">
        {card.data && task === 'view' ? words.nameOf(card.data.customer) : ''}
      </span>
    </div>
  );
}
