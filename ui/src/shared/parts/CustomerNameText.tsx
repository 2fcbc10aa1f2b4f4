import type { CustomerName } from '../../backend';
import { useWords } from '../words';
import classes from './parts.module.css';

/**
 * A customer's name, truncated to one line with the full name in the tooltip. `data-named` marks a text that people
 * chose: only such a text may be truncated.
 */
export function CustomerNameText({ customer, className }: { customer: CustomerName; className?: string }) {
  const name = useWords().nameOf(customer);
  const kind = customer.name === null ? classes.walkIn : '';
  return (
    <span
      className={`one-line ${kind} ${className ?? ''}`}
      title={name}
      data-named={customer.name !== null || undefined}
    >
      {name}
    </span>
  );
}
