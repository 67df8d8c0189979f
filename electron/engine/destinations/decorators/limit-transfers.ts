import type { Destination } from '../contract.ts';
import { optionalMethods } from './optional-methods.ts';

/**
 * The same destination, which asks for no more transfers at once than the person allows, and for as many from the
 * start: who names a number has a line in mind that takes it.
 */
export function limitTransfers(inner: Destination, most: number | null): Destination {
  if (most === null) return inner;
  return {
    // Each time anew: what the destination can do may be known only once it has been checked.
    get capabilities() {
      const { capabilities } = inner;
      const max = Math.min(capabilities.concurrency.max, most);
      return { ...capabilities, concurrency: { initial: max, max } };
    },
    check: (signal) => inner.check(signal),
    stat: (key, signal) => inner.stat(key, signal),
    put: (key, source, options, signal) => inner.put(key, source, options, signal),
    open: (key, range, signal) => inner.open(key, range, signal),
    ...optionalMethods(inner),
    list: (prefix, signal) => inner.list(prefix, signal),
    remove: (key, signal) => inner.remove(key, signal),
    close: () => inner.close(),
  };
}
