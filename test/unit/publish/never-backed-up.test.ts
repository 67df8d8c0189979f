import fc from 'fast-check';
import { expect, test } from 'vitest';

import { readStanding } from '../../../electron/engine/catalog/standing.ts';
import type { Publication } from '../../../electron/engine/catalog/publications.ts';
import { nowMs, TestCatalog } from '../../support/catalog/test-catalog.ts';

const failure = { code: 'serverError', message: 'No.' } as const;
type Step = readonly [photo: number, change: (typeof changes)[number]];
const changes = [
  ...(['upload', 'begin', 'publish', 'publishBefore', 'putBack'] as const),
  ...(['fail', 'skip', 'requeue', 'prove'] as const),
] as const;
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.tuple(fc.nat({ max: 4 }), fc.constantFrom(...changes)),
  { maxLength: 40 },
);

test('no state of what is only shown ever makes a photo count as backed up', () => {
  fc.assert(
    fc.property(steps, fc.nat({ max: 2 }), (given, backups) => {
      const test = new TestCatalog(backups);
      const { catalog, scope, database } = test;
      const { publications } = catalog;
      const assets = Array.from({ length: 5 }, (_none, photo) =>
        test.addPhoto(`${String(photo)}.jpg`, `photo ${String(photo)}`),
      );
      const { id } = publications.ensurePublisher('gphotos:///Album', 'Album');
      publications.queueAll(id, scope);
      const rows = new Map<number, Publication>(
        publications.open(id).map((one) => [one.assetId, one]),
      );
      /** What the backups themselves have proven. */
      const proven = new Set<number>();
      for (const [photo, change] of given) {
        const assetId = assets[photo] ?? 0;
        const publication = rows.get(assetId);
        if (publication === undefined) throw new Error('every photo is queued');
        if (change === 'prove') {
          for (const destinationId of test.destinationIds) test.prove(assetId, { destinationId });
          if (backups > 0) proven.add(assetId);
        } else {
          apply(test, publication, change);
        }
      }
      const { destinationIds } = test;
      const standing = readStanding(database, { ...scope, destinationIds, publisherIds: [id] });
      expect(standing.safe).toBe(proven.size);
      expect(standing.photos).toBe(5);
      const [shown] = standing.publishers;
      expect(
        (shown?.published ?? 0) +
          (shown?.waiting ?? 0) +
          (shown?.failed ?? 0) +
          (shown?.skipped ?? 0),
      ).toBe(5);
      const totals = publications.totals(id, scope, 1);
      expect(totals.published + totals.alreadyPublished).toBe(shown?.published);
      for (const destinationId of destinationIds) {
        expect(catalog.totals.states(destinationId).verified.count).toBe(proven.size);
      }
      // There is no destination that anything could have been verified at, retired from or journalled to.
      expect(catalog.deliveries.destinations().map(({ url }) => url)).not.toContain(
        'gphotos:///Album',
      );
      test.handle.close();
    }),
    { numRuns: 300 },
  );
});

function apply(
  { catalog: { publications } }: TestCatalog,
  publication: Publication,
  change: Exclude<(typeof changes)[number], 'prove'>,
): void {
  switch (change) {
    case 'upload':
      publications.recordUpload(publication, 'token', nowMs);
      return;
    case 'begin':
      publications.recordUpload(publication, 'token', nowMs);
      publications.beginShowing(publication);
      return;
    case 'publish':
      publications.recordPublished(publication, 'item', 1);
      return;
    case 'publishBefore':
      publications.recordPublished(publication, null, null);
      return;
    case 'putBack':
      publications.putBack(publication, true);
      return;
    case 'fail':
      publications.fail(publication, failure);
      return;
    case 'skip':
      publications.skip(publication, failure);
      return;
    case 'requeue':
      publications.requeueFailed(publication.publisherId);
  }
}
