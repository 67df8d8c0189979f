import type { Destination } from '../contract.ts';
import { optionalMethods } from './optional-methods.ts';

/** The same destination, which asks for no more transfers at once than the person allows. */
export function limitTransfers(inner: Destination, most: number | null): Destination {
  if (most === null) return inner;
  const { initial, max } = inner.capabilities.concurrency;
  const concurrency = { initial: Math.min(initial, most), max: Math.min(max, most) };
  return {
    capabilities: { ...inner.capabilities, concurrency },
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
