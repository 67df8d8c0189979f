import { expect, test } from 'vitest';

import type { Capabilities } from '../../../electron/engine/destinations/contract.ts';
import { limitTransfers } from '../../../electron/engine/destinations/decorators/limit-transfers.ts';
import { MemoryDestination } from '../../support/destinations/memory-destination.ts';

const destination = (): MemoryDestination =>
  new MemoryDestination({ concurrency: { initial: 8, max: 64 } });

test.each([
  [1, 1],
  [32, 32],
  [100, 64],
])('where a person allows %i transfers, %i are made from the start', (most, made) => {
  const { concurrency } = limitTransfers(destination(), most).capabilities;
  expect(concurrency).toEqual({ initial: made, max: made });
});

test('nothing is limited where nobody asks for it', () => {
  const inner = destination();
  expect(limitTransfers(inner, null)).toBe(inner);
});

test('what a destination learns of its server when it is checked shows', () => {
  const inner = destination();
  const learned = { createOnly: 'checked' satisfies Capabilities['createOnly'] } as const;
  const limited = limitTransfers(inner, 4);
  expect(limited.capabilities.createOnly).toBe('atomic');
  Object.assign(inner, { capabilities: { ...inner.capabilities, ...learned } });
  expect(limited.capabilities).toMatchObject({ ...learned, concurrency: { initial: 4, max: 4 } });
});
