import { useSyncExternalStore } from 'react';

import { useFormats } from '../text/use-formats.ts';

/** Milliseconds between two looks at the clock. */
const STEP = 10_000;

/** Says how long ago a moment was, in milliseconds since 1970, and keeps it true. */
export function useAgo(): (ms: number) => string {
  const formats = useFormats();
  const now = useSyncExternalStore(everyStep, startOfStep);
  return (ms) => formats.relative(ms, Math.max(ms, now));
}

function startOfStep(): number {
  return Math.floor(Date.now() / STEP) * STEP;
}

function everyStep(listener: () => void): () => void {
  const timer = window.setInterval(listener, STEP / 2);
  return () => {
    window.clearInterval(timer);
  };
}
