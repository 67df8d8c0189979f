import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { failureCodes, isTransient, stopsDestination } from '../../../shared/domain/failure.ts';
import { fileStates } from '../../../shared/domain/states.ts';
import { planContest } from '../../../electron/engine/planner/plan-contest.ts';
import { nextKey, planDelivery } from '../../../electron/engine/planner/plan-delivery.ts';
import { isWithin, planDirectory } from '../../../electron/engine/planner/plan-directory.ts';
import { maxAttempts, planFailure } from '../../../electron/engine/planner/plan-failure.ts';
import { planFile } from '../../../electron/engine/planner/plan-file.ts';
import { hashOf } from '../../support/catalog/test-catalog.ts';

const facts = fc.record({
  size: fc.nat({ max: 2 }),
  modifiedMs: fc.nat({ max: 2 }),
  bornMs: fc.option(fc.nat({ max: 2 })),
  inode: fc.nat({ max: 2 }),
});
const state = fc.constantFrom(...fileStates);

describe('planFile', () => {
  it('never takes a file of another size or time for unchanged', () => {
    fc.assert(
      fc.property(facts, facts, state, (known, seen, before) => {
        const plan = planFile({ ...known, state: before }, seen);
        const same = known.size === seen.size && known.modifiedMs === seen.modifiedMs;
        if (!same) expect(plan).toBe('read');
      }),
    );
  });

  it('leaves a settled file alone as long as nothing about it changes', () => {
    fc.assert(
      fc.property(facts, (known) => {
        for (const settled of ['hashed', 'ignored', 'discovered'] as const) {
          expect(planFile({ ...known, state: settled }, known)).toBe('unchanged');
        }
        expect(planFile({ ...known, state: 'absent' }, known)).toBe('comeBack');
        expect(planFile({ ...known, state: 'unknown' }, known)).toBe('comeBack');
        expect(planFile({ ...known, state: 'failed' }, known)).toBe('read');
        expect(planFile(undefined, known)).toBe('add');
      }),
    );
  });

  it('reads a file that was moved over another one, but not all files after a new mount', () => {
    const known = { size: 1, modifiedMs: 1, bornMs: 1, inode: 1, state: 'hashed' as const };
    expect(planFile(known, { ...known, inode: 2 })).toBe('unchanged');
    expect(planFile(known, { ...known, inode: 2, bornMs: 2 })).toBe('read');
  });
});

describe('planDirectory', () => {
  const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'));
  const knownFiles = fc.uniqueArray(
    fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd', 'e'), state, facts }),
    { selector: ({ name }) => name },
  );

  it('accounts for every file: none is forgotten, none is planned twice, and what cannot be looked at is not gone', () => {
    fc.assert(
      fc.property(knownFiles, names, names, facts, (known, listed, hidden, now) => {
        const entries = known.map(({ name, state: before, facts: old }, index) => ({
          ...old,
          id: index + 1,
          name,
          state: before,
        }));
        const seen = listed.map((name) => ({ ...now, name }));
        const plan = planDirectory(entries, seen, new Set(hidden));
        const added = plan.changes.flatMap((change) =>
          change.kind === 'add' ? [change.seen.name] : [],
        );
        const unknown = listed.filter((name) => !known.some((entry) => entry.name === name));
        expect(added.toSorted()).toEqual(unknown.toSorted());
        const gone = entries
          .filter(
            ({ name, state: before }) =>
              !listed.includes(name) && !hidden.includes(name) && before !== 'absent',
          )
          .map(({ id }) => id);
        expect(plan.vanished.toSorted()).toEqual(gone.toSorted());
        const touched = plan.changes.flatMap((change) =>
          change.kind === 'add' ? [] : [change.fileId],
        );
        expect(new Set(touched).size).toBe(touched.length);
        expect(touched.filter((id) => plan.vanished.includes(id))).toEqual([]);
      }),
    );
  });

  it('plans nothing for a directory that did not change', () => {
    fc.assert(
      fc.property(names, facts, (all, now) => {
        const entries = all.map((name, index) => ({
          ...now,
          name,
          id: index,
          state: 'hashed' as const,
        }));
        expect(planDirectory(entries, entries, new Set())).toEqual({ changes: [], vanished: [] });
      }),
    );
  });

  it('knows what lies within what', () => {
    expect(isWithin('a/b', 'a')).toBe(true);
    expect(isWithin('a', 'a')).toBe(true);
    expect(isWithin('ab', 'a')).toBe(false);
    expect(isWithin('a', '')).toBe(true);
  });
});

describe('planDelivery', () => {
  const hash = hashOf('sea');
  const asset = { hash, bytes: 3, name: 'a.jpg', wall: '2024-05-17T12:00:00', key: null };

  it('adopts what any device has put there, of the right size only', () => {
    const recorded = [
      { key: 'short', bytes: 2, tag: null },
      { key: 'right', bytes: 3, tag: 'v1' },
    ];
    expect(planDelivery(asset, recorded)).toEqual({ action: 'adopt', key: 'right', tag: 'v1' });
    expect(planDelivery(asset, recorded.slice(0, 1)).action).toBe('upload');
  });

  it('keeps a key that was fixed before, else makes it from month, name and hash', () => {
    expect(planDelivery({ ...asset, key: 'fixed' }, [])).toEqual({
      action: 'upload',
      key: 'fixed',
    });
    expect(planDelivery(asset, [])).toEqual({
      action: 'upload',
      key: `2024/05/a-${hash.slice(0, 12)}.jpg`,
    });
  });

  it('tries longer and longer keys, each once, and then gives up', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 300 }), (name) => {
        const named = { ...asset, name };
        const keys = [planDelivery(named, []).key];
        for (;;) {
          const next = nextKey(named, keys.at(-1) ?? '');
          if (next === null) break;
          keys.push(next);
          expect(keys.length).toBeLessThanOrEqual(3);
        }
        expect(new Set(keys).size).toBe(3);
        expect(keys.at(-1)).toContain(hash);
      }),
    );
  });
});

describe('planContest', () => {
  const contender = fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'd'),
    at: fc.constantFrom('1', '2', '3'),
    device: fc.constantFrom('x', 'y'),
  });

  it('names the same winner whatever the order, and whatever later ones are known', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(contender, { selector: ({ key }) => key, minLength: 2 }),
        (all) => {
          const plan = planContest(all);
          expect(planContest(all.toReversed())?.winner).toEqual(plan?.winner);
          expect([plan?.winner, ...(plan?.losers ?? [])]).toHaveLength(all.length);
          for (const loser of plan?.losers ?? []) {
            const pair = plan === null ? [] : [loser, plan.winner];
            expect(planContest(pair)?.winner).toEqual(plan?.winner);
          }
        },
      ),
    );
  });

  it('finds no contest where there is one object or none', () => {
    expect(planContest([])).toBeNull();
    expect(planContest([{ key: 'a', at: '1', device: 'x' }])).toBeNull();
  });
});

describe('planFailure', () => {
  const code = fc.constantFrom(...failureCodes);
  const fraction = fc.double({ min: 0, max: 0.999999, noNaN: true });
  const now = 1_700_000_000_000;

  it('retries only what may pass, never for ever, never before the server allows it', () => {
    fc.assert(
      fc.property(
        code,
        fc.integer({ min: 1, max: 8 }),
        fraction,
        fc.option(fc.nat({ max: 10_000_000 })),
        (one, attempts, chance, wait) => {
          const retryAt = wait === null ? {} : { retryAt: now + wait };
          const plan = planFailure({ code: one, message: 'x', ...retryAt }, attempts, now, chance);
          if (attempts >= maxAttempts) expect(plan.retryMs).toBeNull();
          if (plan.retryMs === null) return;
          expect(isTransient(one) || one === 'corrupt').toBe(true);
          expect(plan.stopDestination || plan.readAgain).toBe(false);
          expect(plan.retryMs).toBeGreaterThan(now);
          expect(plan.retryMs).toBeGreaterThanOrEqual(now + (wait ?? 0));
          expect(plan.retryMs).toBeLessThanOrEqual(now + Math.max(3_600_000, wait ?? 0));
        },
      ),
    );
  });

  it("stops the destination for what is not the photo's fault, and reads a changed file again", () => {
    for (const one of failureCodes) {
      const plan = planFailure({ code: one, message: 'x' }, 1, now, 0.5);
      expect(plan.readAgain).toBe(one === 'changed');
      if (stopsDestination(one)) expect(plan.stopDestination).toBe(true);
      if (['unsupported', 'invalid', 'changed', 'unreadable'].includes(one)) {
        expect(plan.stopDestination).toBe(false);
      }
    }
  });

  it('waits longer each time', () => {
    const waits = [1, 2, 3].map(
      (attempts) => planFailure({ code: 'timeout', message: 'x' }, attempts, now, 0.5).retryMs ?? 0,
    );
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(new Set(waits).size).toBe(3);
  });
});
