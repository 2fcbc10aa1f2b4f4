import { UnstyledButton } from '@mantine/core';
import { CircleCheck } from 'lucide-react';
import { useCallback, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppError, type ImportPreview, useBackend } from '../../backend';
import { CustomerForm } from '../../shared/customer/CustomerForm';
import { EraseDialog } from '../../shared/customer/EraseDialog';
import { initialProfile, type ProfileTexts, textsOf, toInput } from '../../shared/customer/profile';
import { useCustomerCard } from '../../shared/data/queries';
import { type ExportChoice, ReasonDialog } from '../../shared/exports/ReasonDialog';
import { useHotkeys } from '../../shared/hotkeys';
import { useJobs } from '../../shared/jobs';
import { ActKbd } from '../../shared/keys/ActKbd';
import { useNavigation } from '../../shared/navigation';
import { useSay } from '../../shared/notes';
import { ErrorNotice } from '../../shared/parts';
import { useMayAct } from '../../shared/roles';
import { useTakeScans } from '../../shared/scan';
import {
  type Deed,
  lastEditUndo,
  type Step,
  UndoDialog,
  undoOf,
  useUndo,
  useUndoHistory,
} from '../../shared/undo';
import { useWords } from '../../shared/words';
import { CustomerDetail, CustomerDetailSkeleton } from './CustomerDetail';
import { CustomerList } from './CustomerList';
import classes from './Customers.module.css';
import { ImportView } from './ImportView';
import { LinkDialog } from './LinkDialog';
import { ReplaceCardDialog } from './ReplaceCardDialog';

type Task = 'view' | 'new' | 'edit' | 'card' | 'erase' | 'link';

/** The customers screen (고객): search, registration, editing and import. */
export function CustomersScreen() {
  const { t } = useTranslation('customers');
  const { t: common } = useTranslation('common');
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
  /** What was done last, with the step that reverses it. */
  const [said, setSaid] = useState<{ text: string; step: Step | null } | null>(null);
  const [asked, setAsked] = useState<Step | null>(null);
  /** Whether something was typed into the search field since the last save. */
  const isTyped = useRef(false);
  const history = useUndoHistory();
  const [preview, setPreview] = useState<ImportPreview | null>(null);
  const [importError, setImportError] = useState<AppError | null>(null);
  const [isOpeningImport, setIsOpeningImport] = useState(false);
  const [isExporting, setIsExporting] = useState(false);
  const mayAct = useMayAct();
  const card = useCustomerCard(customerId);
  const canEdit = card.data !== undefined && !card.data.erased && !card.data.customer.unknownHere;

  const begin = (next: Task) => {
    setSaid(null);
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
      setSaid(null);
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
  const exportAll = async (choice: ExportChoice) => {
    setImportError(null);
    setIsExporting(false);
    if (!('reason' in choice)) return;
    try {
      track(await backend.exportCustomers(choice));
    } catch (thrown) {
      setImportError(thrown as AppError);
    }
  };
  const mypage = () => customerId && go('mypage', customerId);
  const undoing = useUndo({
    shown: said?.step ?? null,
    findLast: () => lastEditUndo(history),
    onDone: (_, step, reversed) => {
      if (step.customer) selectCustomer(step.customer.customerId);
      isTyped.current = false;
      setTask('view');
      setSaid({ text: common(step.direction === 'undo' ? 'undo.undone' : 'undo.redone'), step: reversed });
    },
    onAsk: setAsked,
    onNothing: (direction) => say(common(direction === 'undo' ? 'undo.noUndo' : 'undo.noRedo'), 'warn'),
  });
  useHotkeys({ register: () => begin('new'), mypage }, { enabled: preview === null });
  const step = (direction: Step['direction'], repeat: boolean) => {
    // Somebody who has just typed means their typing.
    if (isTyped.current && text !== '') return false;
    if (!repeat) void undoing[direction]();
  };
  useHotkeys(
    {
      undo: ({ repeat, shiftKey }) => step(shiftKey ? 'redo' : 'undo', repeat),
      redo: ({ repeat }) => step('redo', repeat),
    },
    { enabled: preview === null && task === 'view' },
  );

  useTakeScans({
    takeHolder: (read, holder) => {
      setPreview(null);
      setAsked(null);
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
  const saved = (done: Pick<Deed, 'command' | 'outcome'>, message: string, before: ProfileTexts | null) => {
    if (done.outcome.type !== 'customerSaved') return;
    const customer = card.data?.customer ?? null;
    // A name that was given can't be taken away.
    const isReversible = before !== null && before.name !== '';
    const deed: Deed = {
      ...done,
      customer,
      at: Date.now(),
      ...(isReversible && { before: toInput(before) }),
    };
    history.noteDeed(deed);
    undoing.reset();
    isTyped.current = false;
    selectCustomer(done.outcome.customerId);
    setTask('view');
    setSaid({ text: message, step: undoOf(deed) });
    search.current?.focus();
  };
  const detail = () => {
    if (task === 'new') {
      return (
        <div className={classes.detail}>
          <h2 className={classes.formTitle}>{t('form.newTitle')}</h2>
          <CustomerForm
            key="new"
            initial={initialProfile(text, text === scanned)}
            onSaved={(outcome, command) => saved({ outcome, command }, t('form.registered'), null)}
            onCancel={showDetail}
            onOther={choose}
          />
        </div>
      );
    }
    if (customerId === null) return <p className={classes.nobody}>{t('detail.none')}</p>;
    if (card.error) return <ErrorNotice error={card.error} onRetry={() => void card.refetch()} />;
    if (!card.data) return <CustomerDetailSkeleton />;
    if (task === 'edit') {
      return (
        <div className={classes.detail}>
          <h2 className={classes.formTitle}>
            {t(card.data.customer.name === null ? 'form.nameTitle' : 'form.editTitle')}
          </h2>
          <CustomerForm
            key={customerId}
            card={card.data}
            onSaved={(outcome, command, before) => saved({ outcome, command }, t('form.saved'), before)}
            onCancel={showDetail}
            onOther={choose}
          />
        </div>
      );
    }
    return (
      <CustomerDetail
        card={card.data}
        onEdit={() => begin('edit')}
        onCard={() => begin('card')}
        onMypage={() => void mypage()}
        onLink={mayAct('manager') ? () => begin('link') : null}
        onOther={choose}
        onParted={() => setSaid({ text: t('link.parted'), step: null })}
        onErase={mayAct('manager') ? () => begin('erase') : null}
      />
    );
  };
  return (
    <div className={classes.screen} data-testid="customers-screen">
      <h1 className="visually-hidden">{t('title')}</h1>
      <CustomerList
        text={text}
        onText={(value) => {
          isTyped.current = true;
          setText(value);
        }}
        chosenId={customerId}
        onChoose={choose}
        onNew={() => begin('new')}
        onEdit={() => canEdit && begin('edit')}
        onImport={mayAct('manager') ? () => void openImport() : null}
        isOpeningImport={isOpeningImport}
        onExport={mayAct('manager') ? () => setIsExporting(true) : null}
        searchRef={search}
      />
      <aside className={classes.side}>
        {importError && (
          <div className={classes.sideNotice}>
            <ErrorNotice error={importError} onRetry={() => void openImport()} />
            <p className={classes.note}>{t('import.columns')}</p>
          </div>
        )}
        {undoing.error && task === 'view' && (
          <div className={classes.sideNotice}>
            <ErrorNotice error={undoing.error} />
          </div>
        )}
        {said && task === 'view' && (
          <div className={classes.said} role="status" data-testid="customers-said">
            <CircleCheck size={20} strokeWidth={1.75} aria-hidden />
            <span>{said.text}</span>
            {said.step && (
              <UnstyledButton
                className={classes.undo ?? ''}
                data-testid={`said-${said.step.direction}`}
                disabled={undoing.isPending}
                onClick={undoing.takeShown}
              >
                {common(`undo.${said.step.direction}`)}
                <ActKbd act={said.step.direction} />
              </UnstyledButton>
            )}
          </div>
        )}
        {detail()}
      </aside>
      {task === 'card' && card.data && (
        <ReplaceCardDialog
          card={card.data}
          onClose={() => setTask('view')}
          onDone={(outcome, command) =>
            saved({ outcome, command }, t('cardReplace.done'), textsOf(card.data))
          }
        />
      )}
      {task === 'link' && card.data && (
        <LinkDialog
          card={card.data}
          onClose={() => setTask('view')}
          onDone={() => {
            setTask('view');
            setSaid({ text: t('link.done'), step: null });
            search.current?.focus();
          }}
        />
      )}
      {task === 'erase' && customerId !== null && (
        <EraseDialog
          customerId={customerId}
          onClose={() => setTask('view')}
          onErased={() => {
            setTask('view');
            setSaid({ text: t('erase.done'), step: null });
            search.current?.focus();
          }}
        />
      )}
      {isExporting && (
        <ReasonDialog
          canMask={false}
          onChoose={(choice) => void exportAll(choice)}
          onClose={() => setIsExporting(false)}
        />
      )}
      {asked && (
        <UndoDialog
          step={asked}
          onClose={() => setAsked(null)}
          onDone={(outcome) => {
            undoing.taken(outcome, asked);
            setAsked(null);
          }}
        />
      )}
      <span className="visually-hidden" aria-live="polite">
        {card.data && task === 'view' ? words.nameOf(card.data.customer) : ''}
      </span>
    </div>
  );
}
