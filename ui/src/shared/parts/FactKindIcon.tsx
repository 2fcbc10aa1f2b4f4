import {
  ArrowRightLeft,
  CircleCheck,
  CirclePlus,
  CircleQuestionMark,
  Coins,
  DoorClosed,
  HandCoins,
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
  UserRoundX,
  Unlink2,
} from 'lucide-react';
import type { FactKind } from '../../backend';

const icons: Record<FactKind, LucideIcon> = {
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
};

/** The icon for a kind of fact, shown beside its words. */
export function FactKindIcon({ kind }: { kind: FactKind }) {
  const Icon = icons[kind];
  return <Icon size={16} strokeWidth={1.75} aria-hidden />;
}
