import type { ReactElement } from 'react';

/** The product's sign: a roll of film whose end is a cloud. */
export function Logo(): ReactElement {
  return (
    <svg viewBox="0 0 32 32" fill="none" aria-hidden>
      <path
        d="M9.5 26A6.5 6.5 0 0 1 8.6 13.06 8.5 8.5 0 0 1 24.9 14.2 6 6 0 0 1 24 26Z"
        fill="var(--accent)"
      />
      <circle cx="16" cy="18" r="5" fill="none" stroke="var(--on-accent)" strokeWidth="2" />
      <circle cx="16" cy="18" r="1.6" fill="var(--on-accent)" />
    </svg>
  );
}
