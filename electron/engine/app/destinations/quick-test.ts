import { createHash } from 'node:crypto';

import type { TestStep } from '../../../../shared/contract/app/destinations.ts';
import { fail, failureOf, type Failure } from '../../../../shared/domain/failure.ts';
import type { Destination, ReopenableSource } from '../../destinations/contract.ts';
import { cleanUp, validationPrefix } from '../../destinations/validation/validate.ts';
import type { Random } from '../../ports/random.ts';
import { prove } from '../../transfer/prove.ts';
import { testFailure } from './test-failure.ts';

/** Longest time that a person waits for all of it, milliseconds. */
const longestMs = 60_000;
const cleanUpMs = 15_000;
const sampleBytes = 64 * 1024;

/** The steps in their order; each needs those before it. */
const steps = ['reach', 'write', 'list', 'read', 'prove', 'protect', 'remove'] as const;
type Step = (typeof steps)[number];

/**
 * Tests a connection as a person wants it: the promises that a backup rests on, with one small object, in
 * seconds. The whole contract suite is the command line's `check`. Leaves nothing behind, however it ends.
 *
 * @returns one entry a step; nothing rejects but the signal (`cancelled`)
 */
export async function quickTest(
  open: () => Promise<Destination>,
  random: Random,
  onStep: (step: TestStep) => void,
  signal: AbortSignal,
): Promise<TestStep[]> {
  const test = new QuickTest(open, random);
  const within = AbortSignal.any([signal, AbortSignal.timeout(longestMs)]);
  const results: TestStep[] = [];
  let broken = false;
  for (const step of steps) {
    if (broken) {
      results.push({ step, state: 'skipped', failure: null });
      continue;
    }
    onStep({ step, state: 'running', failure: null });
    const failure = await test.perform(step, within);
    if (signal.aborted) break;
    broken = failure !== null;
    const result: TestStep = { step, state: broken ? 'failed' : 'passed', failure };
    results.push(result);
    onStep(result);
  }
  await test.close();
  if (signal.aborted) throw fail('cancelled', 'The test was cancelled.');
  for (const result of results) if (result.state === 'skipped') onStep(result);
  return results;
}

class QuickTest {
  readonly #open: () => Promise<Destination>;
  readonly #prefix: string;
  readonly #bytes: Uint8Array;
  #destination: Destination | null = null;

  constructor(open: () => Promise<Destination>, random: Random) {
    this.#open = open;
    this.#prefix = validationPrefix(random);
    this.#bytes = random.bytes(sampleBytes);
  }

  async perform(step: Step, signal: AbortSignal): Promise<Failure | null> {
    try {
      this.#destination ??= await this.#open();
      await this.#perform(step, this.#destination, signal);
      return null;
    } catch (error) {
      return testFailure(error);
    }
  }

  /** Takes back whatever is left. */
  async close(): Promise<void> {
    const destination = this.#destination;
    if (destination === null) return;
    // What could not be written cannot be removed either; the failure was told already.
    await cleanUp(destination, this.#prefix, AbortSignal.timeout(cleanUpMs)).catch(() => undefined);
    await destination.close().catch(() => undefined);
  }

  async #perform(step: Step, destination: Destination, signal: AbortSignal): Promise<void> {
    const key = `${this.#prefix}test.bin`;
    const hash = createHash('sha256').update(this.#bytes).digest('hex');
    switch (step) {
      case 'reach':
        await destination.check(signal);
        return;
      case 'write':
        await destination.put(key, this.#source(hash), {}, signal);
        return;
      case 'list': {
        if (!destination.capabilities.list) return;
        for await (const info of destination.list(this.#prefix, signal)) {
          if (info.key === key && info.bytes === this.#bytes.length) return;
        }
        throw fail('corrupt', 'The destination does not list what was just written to it.');
      }
      case 'read': {
        const read = createHash('sha256');
        for await (const chunk of destination.open(key, null, signal)) read.update(chunk);
        if (read.digest('hex') === hash) return;
        throw fail('corrupt', 'The destination gave back other bytes than were written.');
      }
      case 'prove': {
        const expected = { hash, bytes: this.#bytes.length, tag: null };
        const verdict = await prove(destination, key, expected, signal);
        if (verdict.holds) return;
        throw fail('corrupt', 'The destination cannot prove what it holds.');
      }
      case 'protect':
        await this.#refusesSecond(destination, key, hash, signal);
        return;
      case 'remove':
        await this.#remove(destination, key, signal);
    }
  }

  async #refusesSecond(
    destination: Destination,
    key: string,
    hash: string,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await destination.put(key, this.#source(hash), {}, signal);
    } catch (error) {
      if (failureOf(error).code === 'conflict') return;
      throw error;
    }
    throw fail('unsupported', 'The destination lets one file be written over another.', {
      hint: 'Choose a destination that refuses it, so that no photo is ever overwritten.',
    });
  }

  async #remove(destination: Destination, key: string, signal: AbortSignal): Promise<void> {
    if (!destination.capabilities.remove) return;
    await destination.remove(key, signal);
    if ((await destination.stat(key, signal)) === null) return;
    throw fail('readOnly', 'The destination kept the test file although it was removed.', {
      hint: 'Allow the removal of objects, or remove the folder .cloudroll/check there yourself.',
    });
  }

  #source(hash: string): ReopenableSource {
    const bytes = this.#bytes;
    return {
      bytes: bytes.length,
      sha256: hash,
      mime: 'application/octet-stream',
      modifiedMs: 0,
      async *open(start) {
        yield bytes.subarray(start);
        await Promise.resolve();
      },
    };
  }
}
