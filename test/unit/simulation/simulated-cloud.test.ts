import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import type { ReopenableSource } from '../../../electron/engine/destinations/contract.ts';
import { failureOf } from '../../../shared/domain/failure.ts';
import { SimulatedBucket } from '../../support/simulation/simulated-bucket.ts';
import { SimulatedCloud } from '../../support/simulation/simulated-cloud.ts';
import type { CloudOptions } from '../../support/simulation/simulated-cloud.ts';
import type { FaultKind, Steps } from '../../support/simulation/steps.ts';

const { signal } = new AbortController();
const clock = { now: () => 1000, monotonic: () => 0, sleep: () => Promise.resolve() };
const process = { name: 'test', mortal: false, alive: true };

function sourceOf(text: string, announced = text): ReopenableSource {
  const bytes = new TextEncoder().encode(text);
  return {
    bytes: new TextEncoder().encode(announced).length,
    sha256: createHash('sha256').update(announced).digest('hex'),
    mime: 'image/jpeg',
    modifiedMs: 0,
    // eslint-disable-next-line @typescript-eslint/require-await -- the contract wants an async iterable
    async *open(start) {
      yield bytes.subarray(start);
    },
  };
}

/** A cloud whose steps with one of the labels fail in one way. */
function makeCloud(
  options: CloudOptions,
  fault: { readonly at: string; readonly kind: FaultKind } | null = null,
): { bucket: SimulatedBucket; cloud: SimulatedCloud } {
  const bucket = new SimulatedBucket('cloud');
  const steps: Steps = {
    step: (step) =>
      new Promise((resolve) => {
        resolve(step.perform(fault !== null && step.label.includes(fault.at) ? fault.kind : null));
      }),
  };
  return { bucket, cloud: new SimulatedCloud(bucket, steps, process, clock, options) };
}

const proving: CloudOptions = { createOnly: 'atomic', serverHash: true };
const silent: CloudOptions = { createOnly: 'checked', serverHash: false };

describe.each([proving, silent])('a simulated cloud %o', (options) => {
  it('keeps an object and gives it back', async () => {
    const { cloud } = makeCloud(options);
    const put = await cloud.put('a', sourceOf('bytes'), {}, signal);
    expect(put.evidence).toBe(options.serverHash ? 'server-sha256' : null);
    const chunks: Uint8Array[] = [];
    for await (const chunk of cloud.open('a', null, signal)) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('bytes');
  });

  it('refuses a key that is taken', async () => {
    const { cloud, bucket } = makeCloud(options);
    await cloud.put('a', sourceOf('first'), {}, signal);
    const error: unknown = await cloud
      .put('a', sourceOf('second'), {}, signal)
      .catch((thrown: unknown) => thrown);
    expect(failureOf(error).code).toBe('conflict');
    expect(Buffer.from(bucket.objects.get('a')?.bytes ?? []).toString()).toBe('first');
  });

  it.each(['shorter', 'longer than announced', 'announcad'])(
    'refuses a source that gives other bytes (%s) and keeps nothing',
    async (text) => {
      const { cloud, bucket } = makeCloud(options);
      const error: unknown = await cloud
        .put('a', sourceOf(text, 'announced'), {}, signal)
        .catch((thrown: unknown) => thrown);
      expect(failureOf(error).code).toBe('changed');
      expect(bucket.objects.size).toBe(0);
    },
  );

  it('may lose the reply after the object is stored', async () => {
    const { cloud, bucket } = makeCloud(options, { at: 'put', kind: 'lost-reply' });
    const error: unknown = await cloud
      .put('a', sourceOf('bytes'), {}, signal)
      .catch((thrown: unknown) => thrown);
    expect(failureOf(error).code).toBe('timeout');
    expect(bucket.objects.size).toBe(1);
  });
});

describe('a cloud without hashes', () => {
  it('may cut an upload short and report success', async () => {
    const { cloud } = makeCloud(silent, { at: 'put', kind: 'short' });
    expect((await cloud.put('a', sourceOf('twelve bytes'), {}, signal)).bytes).toBe(12);
    expect((await cloud.stat('a', signal))?.bytes).toBe(6);
  });
});
