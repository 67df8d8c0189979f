import type { Destination } from '../../destinations/contract.ts';
import { optionalMethods } from '../../destinations/decorators/optional-methods.ts';

/** Told how many bytes of an object a destination has taken so far in this attempt. */
export type OnTaken = (key: string, taken: number, more: number) => void;

/** The same destination, which tells how its uploads go on. `more`: bytes since the last time. */
export function metered(inner: Destination, onTaken: OnTaken): Destination {
  return {
    capabilities: inner.capabilities,
    check: (signal) => inner.check(signal),
    stat: (key, signal) => inner.stat(key, signal),
    put: (key, source, options, signal) => {
      let last = 0;
      const onProgress = (taken: number): void => {
        // A repeated attempt begins anew; what it sends counts again, since it costs again.
        const more = taken >= last ? taken - last : taken;
        last = taken;
        onTaken(key, taken, more);
        options.onProgress?.(taken);
      };
      return inner.put(key, source, { ...options, onProgress }, signal);
    },
    open: (key, range, signal) => inner.open(key, range, signal),
    ...optionalMethods(inner),
    list: (prefix, signal) => inner.list(prefix, signal),
    remove: (key, signal) => inner.remove(key, signal),
    close: () => inner.close(),
  };
}
