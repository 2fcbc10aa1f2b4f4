import { Radio } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './dialogs.module.css';

export interface Choice<Value extends string> {
  value: Value;
  main: ReactNode;
  detail?: ReactNode;
  aside?: ReactNode;
  disabled?: boolean;
}

interface Props<Value extends string> {
  label: string;
  value: Value;
  onChange: (value: Value) => void;
  choices: Choice<Value>[];
  testid: string;
  /** Places the cards below each other, for longer texts. */
  stacked?: boolean;
  autoFocus?: boolean;
}

/** Radio buttons drawn as cards; arrow keys move between them. */
export function ChoiceCards<Value extends string>(props: Props<Value>) {
  const { label, value, onChange, choices, testid, stacked, autoFocus } = props;
  return (
    <div>
      <p className={classes.label} aria-hidden>
        {label}
      </p>
      <Radio.Group value={value} onChange={(next) => onChange(next as Value)} aria-label={label}>
        <div className={stacked ? classes.stacked : classes.choices}>
          {choices.map(({ value: own, main, detail, aside, disabled }) => (
            <Radio.Card
              key={own}
              value={own}
              disabled={disabled ?? false}
              className={classes.choice}
              data-row={stacked || undefined}
              data-disabled={disabled || undefined}
              data-testid={`${testid}-${own}`}
              data-autofocus={(autoFocus && own === value) || undefined}
            >
              {stacked ? (
                <>
                  <span className="one-line">
                    <strong>{main}</strong> <span className={classes.choiceDetail}>{detail}</span>
                  </span>
                  <span className={classes.choiceDetail}>{aside}</span>
                </>
              ) : (
                <>
                  <span className={classes.choiceTop}>
                    <span className={classes.choiceMain}>{main}</span>
                    {aside}
                  </span>
                  <span className={classes.choiceDetail}>{detail}</span>
                </>
              )}
            </Radio.Card>
          ))}
        </div>
      </Radio.Group>
    </div>
  );
}
