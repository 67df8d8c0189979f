import type { ToMain, ToTest } from '../messages.ts';

/** The line to the test that started this process. */
const listeners = new Set<(message: ToMain) => void>();

export function tellTest(message: ToTest): void {
  // A test that is over needs no answer.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

export function onTest(listener: (message: ToMain) => void): void {
  listeners.add(listener);
}

process.on('message', (message: ToMain) => {
  for (const listener of listeners) listener(message);
});
// Without its test nobody looks at this process any more.
process.on('disconnect', () => {
  process.exit(0);
});
