import { fail } from '../../../shared/domain/failure.ts';
import type { CloudrollError } from '../../../shared/domain/failure.ts';
import { orCancelled } from '../../../electron/engine/destinations/cancellation.ts';
import type {
  Destination,
  ReopenableSource,
} from '../../../electron/engine/destinations/contract.ts';
import { intercept } from '../../../electron/engine/destinations/decorators/intercept.ts';
import type { Call } from '../../../electron/engine/destinations/decorators/intercept.ts';
import { optionalMethods } from '../../../electron/engine/destinations/decorators/optional-methods.ts';

/** One fault, exercised at the n-th call of its operation. */
export interface Fault {
  readonly operation: Call['operation'];
  /** Counts from 1, over all calls of the operation. */
  readonly nth: number;
  /**
   * `before`: the request never arrives. `after`: it has its effect, the reply is lost. `middle`: the
   * source of a put, or a stream, breaks off by the connection's fault. `slow`: waits for `held`.
   */
  readonly how: 'before' | 'after' | 'middle' | 'slow';
  readonly failure?: CloudrollError;
  readonly held?: Promise<void>;
}

/** Faults that have to happen: {@link requireExercised} fails a test in which one of them did not. */
export class FaultPlan {
  readonly #faults: readonly Fault[];
  readonly #exercised = new Set<Fault>();
  readonly #calls = new Map<string, number>();

  constructor(faults: readonly Fault[]) {
    this.#faults = faults;
  }

  /** The fault of this call, if it is its turn. */
  next(operation: Call['operation']): Fault | undefined {
    const nth = (this.#calls.get(operation) ?? 0) + 1;
    this.#calls.set(operation, nth);
    return this.#faults.find((fault) => fault.operation === operation && fault.nth === nth);
  }

  mark(fault: Fault): void {
    this.#exercised.add(fault);
  }

  calls(operation: Call['operation']): number {
    return this.#calls.get(operation) ?? 0;
  }

  requireExercised(): void {
    const missed = this.#faults.filter((fault) => !this.#exercised.has(fault));
    if (missed.length === 0) return;
    const list = missed.map(({ operation, nth, how }) => `${operation} ${String(nth)} ${how}`);
    throw new Error(`These faults were planned but never happened: ${list.join(', ')}.`);
  }
}

/** The destination with planned faults between it and its caller. */
export function faulty(inner: Destination, plan: FaultPlan): Destination {
  const wrapped = intercept(inner, {
    around: async (call, signal, run) => {
      // A put is counted where its source is wrapped as well.
      const fault = call.operation === 'put' ? undefined : plan.next(call.operation);
      return exercise(fault, plan, signal, run);
    },
    aroundStream: async function* stream(call, signal, run) {
      const fault = plan.next(call.operation);
      if (fault?.how !== 'middle') {
        yield* await exercise(fault, plan, signal, () => Promise.resolve(run()));
        return;
      }
      for await (const item of run()) {
        yield item;
        break;
      }
      plan.mark(fault);
      throw failureOf(fault);
    },
  });
  return {
    get capabilities() {
      return wrapped.capabilities;
    },
    check: (signal) => wrapped.check(signal),
    stat: (key, signal) => wrapped.stat(key, signal),
    put: (key, source, options, signal) => {
      const fault = plan.next('put');
      const used = fault?.how === 'middle' ? breaking(source, fault, plan) : source;
      return exercise(fault, plan, signal, () => wrapped.put(key, used, options, signal));
    },
    open: (key, range, signal) => wrapped.open(key, range, signal),
    list: (prefix, signal) => wrapped.list(prefix, signal),
    remove: (key, signal) => wrapped.remove(key, signal),
    close: () => wrapped.close(),
    ...optionalMethods(wrapped),
  };
}

async function exercise<T>(
  fault: Fault | undefined,
  plan: FaultPlan,
  signal: AbortSignal,
  run: () => Promise<T>,
): Promise<T> {
  if (fault === undefined || fault.how === 'middle') return run();
  plan.mark(fault);
  if (fault.how === 'before') throw failureOf(fault);
  if (fault.how === 'slow') await orCancelled(fault.held ?? Promise.resolve(), signal);
  const result = await run();
  if (fault.how === 'after') throw failureOf(fault);
  return result;
}

function breaking(source: ReopenableSource, fault: Fault, plan: FaultPlan): ReopenableSource {
  return {
    ...source,
    async *open(start, signal) {
      for await (const chunk of source.open(start, signal)) {
        const half = Math.ceil(chunk.length / 2);
        yield chunk.subarray(0, half);
        plan.mark(fault);
        throw failureOf(fault);
      }
    },
  };
}

function failureOf(fault: Fault): CloudrollError {
  return fault.failure ?? fail('offline', 'The connection broke, as it was told to.');
}
