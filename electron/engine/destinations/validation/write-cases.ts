import { failureOf, isTransient } from '../../../../shared/domain/failure.ts';
import type { ValidationCase } from './case.ts';
import type { ReopenableSource } from '../contract.ts';
import { expectAbsent, expectFailure, expectObject, expectThat } from './expectations.ts';
import {
  breakingSource,
  hangingSource,
  lyingSource,
  someBytes,
  sourceOf,
  TokenStore,
} from './sources.ts';

const mebibyte = 1024 * 1024;
const sizes = [
  { name: 'small', bytes: 50_000 },
  { name: 'large', bytes: 9 * mebibyte + 7 },
] as const;

interface Fault {
  readonly name: string;
  readonly source: (bytes: Uint8Array) => ReopenableSource;
}

const faults: readonly Fault[] = [
  {
    name: 'ends early',
    source: (bytes) => lyingSource(bytes, bytes.subarray(0, bytes.length - 1)),
  },
  { name: 'ends at once', source: (bytes) => lyingSource(bytes, bytes.subarray(0, 0)) },
  {
    name: 'has a byte too many',
    source: (bytes) => lyingSource(bytes, Buffer.concat([bytes, bytes.subarray(0, 1)])),
  },
  { name: 'has other bytes', source: (bytes) => lyingSource(bytes, withOneByteChanged(bytes)) },
  { name: 'fails half-way', source: (bytes) => breakingSource(bytes, bytes.length >> 1) },
];

/** Nothing is overwritten, and nothing half-done or false becomes visible. */
export const writeCases: readonly ValidationCase[] = [
  {
    name: 'never overwrites an object',
    run: async (destination, { prefix }, signal) => {
      for (const size of sizes) {
        const key = `${prefix}${size.name}.bin`;
        const first = someBytes(size.bytes, 1);
        await destination.put(key, sourceOf(first), {}, signal);
        for (const second of [first, someBytes(size.bytes, 2), someBytes(3, 3)]) {
          const again = destination.put(key, sourceOf(second), {}, signal);
          await expectFailure(again, ['conflict'], 'A second put of one key');
        }
        await expectObject(destination, key, first, signal);
      }
    },
  },
  {
    name: 'lets one of eight at once win',
    inapplicable: (destination) =>
      destination.capabilities.createOnly === 'atomic'
        ? undefined
        : 'the destination cannot refuse a second object by itself',
    run: async (destination, { prefix }, signal) => {
      for (let round = 0; round < 3; round += 1) {
        const key = `${prefix}race-${String(round)}.bin`;
        const contents = Array.from({ length: 8 }, (_value, index) => someBytes(30_000, index + 1));
        const outcomes = await Promise.allSettled(
          contents.map((bytes) => destination.put(key, sourceOf(bytes), {}, signal)),
        );
        const winners = contents.filter((_bytes, index) => outcomes[index]?.status === 'fulfilled');
        const [winner] = winners;
        expectThat(
          winners.length === 1,
          `${String(winners.length)} of eight puts of one key succeeded.`,
        );
        for (const outcome of outcomes) {
          if (outcome.status === 'fulfilled') continue;
          const { code, message } = failureOf(outcome.reason);
          const proper = code === 'conflict' || isTransient(code);
          expectThat(proper, `A put that lost a race failed as ${code} (${message}).`);
        }
        if (winner !== undefined) await expectObject(destination, key, winner, signal);
      }
    },
  },
  ...sizes.flatMap((size) =>
    faults.map((fault): ValidationCase => ({
      name: `leaves nothing behind when a ${size.name} source ${fault.name}`,
      run: async (destination, { prefix }, signal) => {
        const key = `${prefix}faulty.bin`;
        const bytes = someBytes(size.bytes);
        for (const options of [{}, { resume: new TokenStore() }]) {
          const put = destination.put(key, fault.source(bytes), options, signal);
          const codes = ['changed', 'corrupt', 'unreadable'] as const;
          await expectFailure(put, codes, `A put whose source ${fault.name}`);
          await expectAbsent(destination, key, signal);
        }
        await destination.put(key, sourceOf(bytes), {}, signal);
        await expectObject(destination, key, bytes, signal);
      },
    })),
  ),
  ...sizes.map((size): ValidationCase => ({
    name: `leaves nothing behind when a ${size.name} upload is cancelled`,
    run: async (destination, { prefix }, signal) => {
      const key = `${prefix}cancelled.bin`;
      const bytes = someBytes(size.bytes);
      for (const after of [0, bytes.length >> 1, bytes.length - 1]) {
        const controller = new AbortController();
        const source = hangingSource(bytes, after, () => {
          controller.abort();
        });
        const both = AbortSignal.any([signal, controller.signal]);
        await expectFailure(
          destination.put(key, source, {}, both),
          signal.aborted ? [] : ['cancelled'],
          'A cancelled put',
        );
        await expectAbsent(destination, key, signal);
      }
      const early = destination.put(key, sourceOf(bytes), {}, AbortSignal.abort());
      await expectFailure(early, ['cancelled'], 'A put that was cancelled before it began');
      await expectAbsent(destination, key, signal);
    },
  })),
  {
    name: 'goes on with an upload that broke off, also after a restart',
    inapplicable: (destination) =>
      destination.capabilities.resumable ? undefined : 'the destination begins again instead',
    run: async (destination, { prefix, reopen }, signal) => {
      const key = `${prefix}resumed.bin`;
      const bytes = someBytes(17 * mebibyte + 7);
      const resume = new TokenStore();
      const controller = new AbortController();
      const interrupted = hangingSource(bytes, 9 * mebibyte, () => {
        controller.abort();
      });
      const both = AbortSignal.any([signal, controller.signal]);
      await expectFailure(
        destination.put(key, interrupted, { resume }, both),
        ['cancelled'],
        'A put that breaks off',
      );
      expectThat(resume.token !== undefined, 'Nothing was kept to go on with the upload.');
      await expectAbsent(destination, key, signal);
      const restarted = await reopen();
      try {
        await restarted.put(key, sourceOf(bytes), { resume }, signal);
        expectThat(resume.token === undefined, 'What was kept to go on outlives the upload.');
        await expectObject(restarted, key, bytes, signal);
      } finally {
        await restarted.close();
      }
    },
  },
];

function withOneByteChanged(bytes: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(bytes);
  const middle = bytes.length >> 1;
  changed[middle] = (changed[middle] ?? 0) ^ 1;
  return changed;
}
