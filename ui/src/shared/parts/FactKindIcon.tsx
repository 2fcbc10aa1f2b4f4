import {
  ArrowRightLeft,
  CalendarX,
  CircleCheck,
  CirclePlus,
  CircleQuestionMark,
  Coins,
  DoorClosed,
  HandCoins,
  Hourglass,
  Link2,
  LogIn,
  LogOut,
  type LucideIcon,
  Ruler,
  Scale,
  ShieldAlert,
  ShieldMinus,
  ShieldX,
  Undo2,
  Unlink2,
  UserRoundX,
} from 'lucide-react';
import type { FactKind, LineKind } from '../../backend';

const icons: Record<FactKind | LineKind, LucideIcon> = {
  checkedIn: LogIn,
  checkedOut: LogOut,
  checkOutTakenBack: Undo2,
  visitClosed: DoorClosed,
  visitVoided: Undo2,
  earned: CirclePlus,
  paid: Coins,
  paymentVoided: Undo2,
  pointsAdjusted: Scale,
  penaltyImposed: ShieldAlert,
  penaltyDeducted: ShieldMinus,
  penaltyVoided: ShieldX,
  penaltyDeductionVoided: Undo2,
  levelsRevised: Ruler,
  given: ArrowRightLeft,
  reclaimed: HandCoins,
  customerErased: UserRoundX,
  customersLinked: Link2,
  customersParted: Unlink2,
  caseResolved: CircleCheck,
  unknown: CircleQuestionMark,
  lapsed: Hourglass,
  expired: CalendarX,
};

/** The icon for a kind of fact, or for what time ended, shown beside its words. */
export function FactKindIcon({ kind }: { kind: FactKind | LineKind }) {
  const Icon = icons[kind];
  return <Icon size={16} strokeWidth={1.75} aria-hidden />;
}
