import type { LucideIcon } from 'lucide-react';
import type { ReactElement } from 'react';
import { ProgressBar as AriaProgressBar } from 'react-aria-components';

import './progress-ring.css';

const RADIUS = 54;
const LENGTH = 2 * Math.PI * RADIUS;

/** How far something has got, large; `value` 0 to 1, or null where that is not known. */
export function ProgressRing({
  label,
  value,
  text,
  icon: Icon,
  tone = 'accent',
  still = false,
}: {
  readonly label: string;
  readonly value: number | null;
  /** In the middle, instead of the icon. */
  readonly text?: string | undefined;
  readonly icon?: LucideIcon | undefined;
  readonly tone?: 'accent' | 'warning' | 'danger' | 'quiet';
  /** Nothing is running: an unknown value turns no wheel. */
  readonly still?: boolean;
}): ReactElement {
  const wanders = value === null && !still;
  return (
    <AriaProgressBar
      className="ring"
      data-tone={tone}
      aria-label={label}
      maxValue={1}
      value={value ?? 0}
      isIndeterminate={wanders}
    >
      <svg viewBox="0 0 120 120" aria-hidden className="ring-picture">
        <circle className="ring-track" cx="60" cy="60" r={RADIUS} />
        <circle
          className="ring-fill"
          cx="60"
          cy="60"
          r={RADIUS}
          strokeDasharray={LENGTH}
          strokeDashoffset={LENGTH * (1 - (wanders ? 0.22 : (value ?? 0)))}
          {...(wanders ? { 'data-indeterminate': true } : {})}
          {...(value === 0 || (value === null && still) ? { 'data-empty': true } : {})}
        />
      </svg>
      <span className="ring-middle numeric" aria-hidden>
        {text ?? (Icon === undefined ? null : <Icon strokeWidth={1.5} />)}
      </span>
    </AriaProgressBar>
  );
}
