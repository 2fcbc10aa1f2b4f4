import { ArrowRight } from 'lucide-react';
import type { Standing, Verdict } from '../../../backend';
import { PenaltyPoints, StandingTag } from '../../../shared/parts';
import classes from './dialogs.module.css';

interface Props {
  label: string;
  verdict: Verdict;
  outstanding: number;
  children?: React.ReactNode;
}

export function standingAt(outstanding: number, { warnAt, prohibitAt }: Verdict): Standing {
  if (outstanding >= prohibitAt) return 'PROHIBITED';
  return outstanding >= warnAt ? 'WARNED' : 'ALLOWED';
}

/** What the outstanding penalty and the standing will be, before anything is recorded. */
export function Outlook({ label, verdict, outstanding, children }: Props) {
  return (
    <dl className={classes.sum} data-testid="outlook">
      <div data-total>
        <dt>{label}</dt>
        <dd className={classes.after}>
          <span className={classes.after}>
            <span>
              <PenaltyPoints value={verdict.outstanding} />
            </span>
            <ArrowRight size={16} aria-hidden />
            <span>
              <PenaltyPoints value={outstanding} />
            </span>
          </span>
          <StandingTag standing={standingAt(outstanding, verdict)} />
        </dd>
      </div>
      {children && <div>{children}</div>}
    </dl>
  );
}
