import fc from 'fast-check';
import { expect, test } from 'vitest';

import { readStanding } from '../../../electron/engine/catalog/standing.ts';
import type { Publication } from '../../../electron/engine/catalog/publications.ts';
import { nowMs, TestCatalog } from '../../support/catalog/test-catalog.ts';

const failure = { code: 'serverError', message: 'No.' } as const;
type Step = readonly [photo: number, change: (typeof changes)[number]];
const changes = [
  ...(['upload', 'begin', 'publish', 'publishBefore', 'putBack'] as const),
  ...(['fail', 'skip', 'requeue', 'retry', 'ignore', 'prove'] as const),
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
      const { publicationProblems } = catalog;
      const refused = [false, true].map((ignored) => publicationProblems.count(id, scope, ignored));
      expect(refused[0]).toBe(publicationProblems.page(id, scope, false, 0, 10).length);
      const reasons = publicationProblems.reasons(id, scope);
      for (const sum of [
        (refused[0] ?? 0) + (refused[1] ?? 0),
        reasons.reduce((all, { count }) => all + count, 0),
      ]) {
        expect(sum).toBe((shown?.failed ?? 0) + (shown?.skipped ?? 0));
      }
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

test('what is ignored is not tried again by itself, and stays ignored when it is tried', () => {
  const test = new TestCatalog(0);
  const { catalog, scope } = test;
  const { publications, publicationProblems } = catalog;
  test.addPhoto('a.jpg', 'a photo');
  test.addPhoto('b.jpg', 'another');
  const { id } = publications.ensurePublisher('gphotos:///Album', 'Album');
  publications.queueAll(id, scope);
  const [first, second] = publications.waiting(id, scope, 10);
  if (first === undefined || second === undefined) throw new Error('both wait');
  for (const publication of [first, second]) publications.fail(publication, failure);
  publicationProblems.ignore(id, first.assetId, true);
  publications.requeueFailed(id);
  expect(publications.waiting(id, scope, 10).map(({ assetId }) => assetId)).toEqual([
    second.assetId,
  ]);
  publicationProblems.retry(id, [first.assetId]);
  expect(publications.waiting(id, scope, 10)).toHaveLength(2);
  publications.fail(first, failure);
  expect(publicationProblems.page(id, scope, true, 0, 10)).toMatchObject([
    { assetId: first.assetId, failure: JSON.stringify(failure) },
  ]);
  expect(publicationProblems.count(id, scope, false)).toBe(0);
  test.handle.close();
});

function apply(
  { catalog: { publications, publicationProblems } }: TestCatalog,
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
    case 'retry':
      publicationProblems.retry(publication.publisherId, [publication.assetId]);
      return;
    case 'ignore':
      publicationProblems.ignore(publication.publisherId, publication.assetId, true);
      return;
    case 'requeue':
      publications.requeueFailed(publication.publisherId);
  }
}
