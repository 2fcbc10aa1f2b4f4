import { useHotkeys } from '../../shared/hotkeys';
import { useNavigation } from '../../shared/navigation';
import { History } from './History';
import { PickCustomer } from './PickCustomer';

/** 마이페이지: one customer's visits, payments and penalties in one order. */
export function MypageScreen() {
  const { customerId, hold } = useNavigation();
  useHotkeys({ 'Ctrl F': () => hold(null) });
  return customerId === null ? (
    <PickCustomer onPick={hold} />
  ) : (
    <History key={customerId} customerId={customerId} onOther={() => hold(null)} />
  );
}
