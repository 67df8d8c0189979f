import type { ReactElement } from 'react';
import { Label, ProgressBar as AriaProgressBar } from 'react-aria-components';

import './progress.css';

interface Look {
  readonly label: string;
  readonly labelHidden?: boolean;
  /** What the figure says in words, e.g. `3 of 10`; the percentage where it is absent. */
  readonly valueText?: string | undefined;
  readonly tone?: 'accent' | 'warning' | 'danger';
}

/** How far something that runs has got: 0 to 1, or null where that is not known. */
export function ProgressBar({
  label,
  labelHidden = false,
  value,
  valueText,
  tone = 'accent',
}: Look & { readonly value: number | null }): ReactElement {
  return (
    <AriaProgressBar
      className="progress"
      data-tone={tone}
      maxValue={1}
      value={value ?? 0}
      isIndeterminate={value === null}
      {...(valueText === undefined ? {} : { valueLabel: valueText })}
      {...(labelHidden ? { 'aria-label': label } : {})}
    >
      {({ percentage, valueText: text, isIndeterminate }) => (
        <>
          {labelHidden ? null : <Label>{label}</Label>}
          {labelHidden || isIndeterminate ? null : <span className="numeric">{text}</span>}
          <Track percentage={percentage} />
        </>
      )}
    </AriaProgressBar>
  );
}

function Track({ percentage }: { readonly percentage: number | undefined }): ReactElement {
  return (
    <div className="progress-track">
      {percentage === undefined ? (
        <div className="progress-fill" data-indeterminate />
      ) : (
        <div className="progress-fill" style={{ width: `${percentage}%` }} />
      )}
    </div>
  );
}
