import type { ReactElement } from 'react';
import { Label, Meter as AriaMeter } from 'react-aria-components';

import './progress.css';

/** How much of something there is at the moment, which is no progress: 0 to 1. */
export function Meter({
  label,
  value,
  valueText,
  tone = 'neutral',
}: {
  readonly label: string;
  readonly value: number;
  /** What the figure says in words. */
  readonly valueText: string;
  readonly tone?: 'neutral' | 'warning';
}): ReactElement {
  return (
    <AriaMeter
      className="progress"
      data-tone={tone}
      maxValue={1}
      value={value}
      valueLabel={valueText}
    >
      {({ percentage }) => (
        <>
          <Label>{label}</Label>
          <span className="numeric">{valueText}</span>
          <div className="progress-track">
            <div className="progress-fill" style={{ width: `${percentage}%` }} />
          </div>
        </>
      )}
    </AriaMeter>
  );
}
