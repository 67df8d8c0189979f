import { describe, expect, it } from 'vitest';

import type { VerifyLedger } from '../../../electron/engine/verify/ledger.ts';
import { hashOf, TestCatalog } from '../../support/catalog/test-catalog.ts';

function ledgerOf(test: TestCatalog) {
  const ledger = test.catalog.ledger(test.destinationId);
  const port: VerifyLedger = ledger;
  return { ledger, port };
}

describe('the ledger of a destination', () => {
  it('expects each proven object once, and those of other destinations not at all', () => {
    const test = new TestCatalog(2);
    const [first = 0, second = 0] = test.destinationIds;
    const [a, b, c] = ['a', 'b', 'c'].map((text) => test.addPhoto(`${text}.jpg`, text));
    test.prove(a ?? 0, { key: 'ka' });
    test.prove(b ?? 0, { key: 'kb' });
    test.prove(c ?? 0, { key: 'kc', destinationId: second });
    const ledger: VerifyLedger = test.catalog.ledger(first);
    expect([...ledger.expected()].map(({ key }) => key)).toEqual(['ka', 'kb']);
    expect(ledger.count()).toBe(2);
    expect(ledger.lookup('kb')).toMatchObject({ hash: hashOf('b'), bytes: 1 });
    expect(ledger.lookup('kc')).toBeNull();
  });

  it('gives a large number of objects page by page, also when some are lost meanwhile', () => {
    const test = new TestCatalog();
    test.catalog.transaction(() => {
      for (let index = 0; index < 1100; index += 1) {
        test.prove(test.addPhoto(`${String(index)}.jpg`, String(index)), {
          key: `k${String(index)}`,
        });
      }
    });
    const { ledger } = ledgerOf(test);
    let count = 0;
    for (const object of ledger.expected()) {
      count += 1;
      if (count === 5) ledger.recordLoss(object);
    }
    expect(count).toBe(1100);
    expect(ledger.count()).toBe(1099);
  });

  it('has those read first that were never read, then those read longest ago', () => {
    const test = new TestCatalog();
    for (const text of ['a', 'b', 'c'])
      test.prove(test.addPhoto(`${text}.jpg`, text), { key: text });
    const { port } = ledgerOf(test);
    port.recordRead(port.lookup('a')?.id ?? 0, 2000.7);
    port.recordRead(port.lookup('b')?.id ?? 0, 1000);
    expect(port.leastLatelyRead(3000, 10).map(({ key }) => key)).toEqual(['c', 'b', 'a']);
    expect(port.leastLatelyRead(2000, 10).map(({ key }) => key)).toEqual(['c', 'b']);
    expect(port.leastLatelyRead(3000, 1).map(({ key }) => key)).toEqual(['c']);
    expect([port.countReadSince(1000), port.countReadSince(1001)]).toEqual([2, 1]);
  });

  it('knows what an object without a record may be', () => {
    const test = new TestCatalog();
    test.addPhoto('a.jpg', 'sea');
    const { port } = ledgerOf(test);
    const hash = hashOf('sea');
    expect(port.contentsByPrefix(hash.slice(0, 12))).toEqual([{ hash, bytes: 3 }]);
    expect(port.contentsByPrefix(hash)).toHaveLength(1);
    expect(port.contentsByPrefix('0'.repeat(12))).toEqual([]);
  });

  it('has what was found missing uploaded again, and read again once it is back', () => {
    const test = new TestCatalog();
    const assetId = test.addPhoto('a.jpg', 'sea');
    test.prove(assetId, { key: 'k' });
    const { ledger } = ledgerOf(test);
    ledger.recordRead(ledger.lookup('k')?.id ?? 0, 1000);
    ledger.recordLoss({ key: 'k' });
    expect(test.delivery(assetId).state).toBe('queued');
    expect(ledger.count()).toBe(0);
    test.prove(assetId, { key: 'k' });
    expect(ledger.leastLatelyRead(1, 10)).toHaveLength(1);
  });
});
