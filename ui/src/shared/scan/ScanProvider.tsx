import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { type CustomerHit, useBackend } from '../../backend';
import { isLocked } from '../layers';
import { type Screen, useNavigation } from '../navigation';
import { useSay } from '../notes';
import { hasUnsaved } from '../unsaved';
import { useWords } from '../words';
import { cardOf, isSameCard } from './card';
import { cardFieldToFill, fillCard, isDialogBusy } from './cardFields';
import { listenToScans, type WindowScan } from './listen';
import { type CardFound, findCard } from './lookup';
import { ScanQuestion } from './ScanQuestion';
import { onScannerChange, readScanner } from './scannerSettings';
import { forgetTyping, holdsTyped } from './typed';

/** The same card read again within this time is the same scan. */
const SECOND_READ_MS = 1_000;
const BUSY_POLL_MS = 60;
const BUSY_WAIT_MAX_MS = 8_000;

/** Screens about one person, who is exchanged for the holder of a card. */
const isOfOnePerson = (screen: Screen) => screen === 'mypage' || screen === 'why';

/** What a screen does with a card that was read. */
export type ScanTaker =
  /** Looks for the card itself, so that its keys can wait for the result. */
  | { take(card: string): void }
  /** Is given the card's holder, or null if nobody has the card. */
  | { takeHolder(card: string, holder: CustomerHit | null): void };

interface Scans {
  /** Registers the screen that takes scans; without one, the holder is shown at the desk. */
  takeScans(taker: ScanTaker): () => void;
  /** Registers the field that has the cursor and names a customer: a card's holder is chosen in it. */
  takeHolders(take: (holder: CustomerHit) => void): () => void;
  /** Calls the function before a scan is taken, to close what is open. */
  closeForScans(close: () => void): () => void;
}

const NOT_FOUND: CardFound = { holder: null, similar: [] };

const ScansContext = createContext<Scans | null>(null);

/** A card that was read while something typed was open; the person decides. */
interface Question {
  card: string;
  found: CardFound;
}

/** Takes every scan in the window to where it belongs: a card field, or the person whose card it is. */
export function ScanProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation('common');
  const backend = useBackend();
  const say = useSay();
  const { nameOf } = useWords();
  const { screen, leave, selectCustomer } = useNavigation();
  const [question, setQuestion] = useState<Question | null>(null);
  const takers = useRef<ScanTaker[]>([]);
  const customerField = useRef<((holder: CustomerHit) => void) | null>(null);
  const closers = useRef(new Set<() => void>());
  const last = useRef<{ card: string; to: number } | null>(null);
  const count = useRef(0);
  /** A card for the desk, which is about to be shown. */
  const forDesk = useRef<string | null>(null);

  const unknownCard = (card: string, [first]: CustomerHit[]) =>
    first
      ? t('scan.similar', { card, similar: first.card, name: nameOf(first.customer) })
      : t('scan.unknown', { card });
  const showHolder = (card: string, { holder, similar }: CardFound) => {
    if (holder && isOfOnePerson(screen)) selectCustomer(holder.customer.customerId);
    else if (holder) leave('desk', holder.customer.customerId);
    else if (isOfOnePerson(screen)) say(unknownCard(card, similar), 'warn');
    else {
      forDesk.current = card;
      leave('desk', null);
    }
  };
  const take = (card: string, found: CardFound | undefined) => {
    setQuestion(null);
    forgetTyping();
    for (const close of closers.current) close();
    const taker = takers.current.at(-1);
    if (taker && 'take' in taker) taker.take(card);
    else if (taker) taker.takeHolder(card, found?.holder ?? null);
    else showHolder(card, found ?? NOT_FOUND);
  };

  const receive = async (scan: WindowScan) => {
    if (isLocked()) return;
    const { prefix } = readScanner();
    const card = cardOf(scan.text, prefix);
    const target = scan.field?.closest<HTMLElement>('[data-scan]') ?? null;
    if (card === '' || target?.dataset.scan === 'raw') return;
    const before = last.current;
    last.current = { card, to: scan.to };
    if (before && isSameCard(before.card, card) && scan.from - before.to <= SECOND_READ_MS) {
      return say(t('scan.again', { card }));
    }
    count.current += 1;
    const own = count.current;
    if (target && question === null) return fillCard(target, card);
    const chooseInField = question === null ? customerField.current : null;
    // What is being recorded is decided first: its dialog can't be closed meanwhile.
    const deadline = performance.now() + BUSY_WAIT_MAX_MS;
    let { hadTyped } = scan;
    while (isDialogBusy() && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, BUSY_POLL_MS));
      if (own !== count.current) return;
      hadTyped = holdsTyped();
    }
    const field = question === null ? cardFieldToFill() : null;
    const taker = takers.current.at(-1);
    const mustAsk = hadTyped || hasUnsaved() || question !== null;
    if (!mustAsk && !field && taker && 'take' in taker) return take(card, undefined);
    let found: CardFound;
    try {
      found = await findCard(backend, card, scan.text);
    } catch {
      if (own === count.current) say(t('scan.failed', { card }), 'warn');
      return;
    }
    // Another card was read meanwhile.
    if (own !== count.current) return;
    if (chooseInField) {
      if (found.holder === null) say(unknownCard(card, found.similar), 'warn');
      else if (chooseInField === customerField.current) chooseInField(found.holder);
      return;
    }
    if (found.holder === null && field?.isConnected) return fillCard(field, card);
    if (mustAsk) setQuestion({ card, found });
    else take(card, found);
  };

  const latest = useRef({ receive, question, say, t });
  useLayoutEffect(() => {
    latest.current = { receive, question, say, t };
  });
  const answer = useRef<(isSwitched: boolean) => void>(() => {});
  answer.current = (isSwitched) => {
    if (isSwitched && question) take(question.card, question.found);
    else setQuestion(null);
  };

  // In the layout phase, so that the listener comes before those of any dialog.
  useLayoutEffect(() => {
    const listening = listenToScans(
      {
        intercept: (event) => {
          if (latest.current.question === null || isLocked()) return false;
          if (event.key === 'Escape') answer.current(false);
          else if (event.key === 'Enter' && event.ctrlKey) answer.current(true);
          else return false;
          return true;
        },
        onScan: (scan) => void latest.current.receive(scan),
        onSecondEnter: () => latest.current.say(latest.current.t('scan.secondEnter')),
      },
      readScanner(),
    );
    const unlisten = onScannerChange(() => listening.adopt(readScanner()));
    return () => {
      unlisten();
      listening.stop();
    };
  }, []);

  const takeScans = useCallback((taker: ScanTaker) => {
    takers.current.push(taker);
    if ('take' in taker && forDesk.current !== null) {
      const card = forDesk.current;
      forDesk.current = null;
      taker.take(card);
    }
    return () => {
      takers.current = takers.current.filter((one) => one !== taker);
    };
  }, []);
  const takeHolders = useCallback((choose: (holder: CustomerHit) => void) => {
    customerField.current = choose;
    return () => {
      if (customerField.current === choose) customerField.current = null;
    };
  }, []);
  const closeForScans = useCallback((close: () => void) => {
    closers.current.add(close);
    return () => closers.current.delete(close);
  }, []);
  const value = useMemo(
    () => ({ takeScans, takeHolders, closeForScans }),
    [takeScans, takeHolders, closeForScans],
  );
  return (
    <ScansContext value={value}>
      {children}
      {question && (
        <ScanQuestion
          card={question.card}
          holder={question.found.holder?.customer ?? null}
          onSwitch={() => answer.current(true)}
          onKeep={() => answer.current(false)}
        />
      )}
    </ScansContext>
  );
}

function useScans(): Scans {
  const scans = useContext(ScansContext);
  if (!scans) throw new Error('useScans outside of ScanProvider');
  return scans;
}

/** Takes the scans of the window while the component is mounted. */
export function useTakeScans(taker: ScanTaker): void {
  const { takeScans } = useScans();
  const current = useRef(taker);
  useEffect(() => {
    current.current = taker;
  });
  const isOwnSearch = 'take' in taker;
  useEffect(
    () =>
      takeScans(
        isOwnSearch
          ? { take: (card) => 'take' in current.current && current.current.take(card) }
          : {
              takeHolder: (card, holder) =>
                'takeHolder' in current.current && current.current.takeHolder(card, holder),
            },
      ),
    [takeScans, isOwnSearch],
  );
}

/** Chooses the holder of a card in a field for a customer, while the field has the cursor. */
export function useTakeHolders(isActive: boolean, choose: (customerId: string) => void): void {
  const { takeHolders } = useScans();
  const current = useRef(choose);
  useEffect(() => {
    current.current = choose;
  });
  useEffect(() => {
    if (isActive) return takeHolders(({ customer }) => current.current(customer.customerId));
  }, [isActive, takeHolders]);
}

/** Closes something that is open when a scan is taken. */
export function useCloseForScans(close: () => void): void {
  const { closeForScans } = useScans();
  const current = useRef(close);
  useEffect(() => {
    current.current = close;
  });
  useEffect(() => closeForScans(() => current.current()), [closeForScans]);
}
