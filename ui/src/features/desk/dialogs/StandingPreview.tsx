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

function standingAt(outstanding: number, { warnAt, prohibitAt }: Verdict): Standing {
  if (outstanding >= prohibitAt) return 'PROHIBITED';
  return outstanding >= warnAt ? 'WARNED' : 'ALLOWED';
}

/** Shows the outstanding penalty and the standing before and after the entry that the user is about to record. */
export function StandingPreview({ label, verdict, outstanding, children }: Props) {
  return (
    <div className={classes.sum} data-testid="outlook">
      <dl>
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
      </dl>
      {children && <p>{children}</p>}
    </div>
  );
}
