import { useHotkeys } from '../../shared/hotkeys';
import { useNavigation } from '../../shared/navigation';
import { History } from './History';
import { PickCustomer } from './PickCustomer';

export { WhyScreen } from './WhyScreen';

/** The Mypage screen (마이페이지): one customer's visits, payments and penalties in one list. */
export function MypageScreen() {
  const { customerId, selectCustomer } = useNavigation();
  useHotkeys({ 'Ctrl F': () => selectCustomer(null) });
  return customerId === null ? (
    <PickCustomer onPick={selectCustomer} />
  ) : (
    <History key={customerId} customerId={customerId} onOther={() => selectCustomer(null)} />
  );
}
