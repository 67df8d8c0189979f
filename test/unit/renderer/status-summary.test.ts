import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { activities } from '../../../shared/contract/app/status.ts';
import { statusSummary } from '../../../renderer/app/status-summary.ts';
import { fakeStatus } from '../../support/app/fake-status.ts';

const counts = fc
  .tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000))
  .map(([safe, waiting, failed]) => ({ photos: safe + waiting + failed, waiting, failed }));

describe('the line about the backup', () => {
  it('says "backed up" only when the engine is there, idle, and has nothing left', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...activities),
        counts,
        fc.nat(3),
        fc.boolean(),
        (activity, given, unread, connected) => {
          const status = { ...fakeStatus(activity, given, 0), unread };
          const summary = statusSummary(status, connected);
          if (summary.mood !== 'safe') return;
          expect(connected).toBe(true);
          expect(activity).toBe('idle');
          expect(given.waiting + given.failed + unread).toBe(0);
          expect(summary).toMatchObject({ text: 'statusIdle', count: given.photos });
        },
      ),
    );
  });

  it('says how many are left', () => {
    const status = fakeStatus('syncing', { photos: 10, waiting: 4, failed: 1 }, 0);
    expect(statusSummary(status, true)).toEqual({ mood: 'busy', text: 'statusSyncing', count: 4 });
  });

  it('names failures before anything else while idle', () => {
    const status = fakeStatus('idle', { photos: 10, waiting: 0, failed: 2 }, 0);
    expect(statusSummary(status, true)).toMatchObject({ mood: 'attention', count: 2 });
  });

  it('says until when it is paused', () => {
    const status = fakeStatus('paused', { photos: 1, waiting: 1, failed: 0 }, 5000);
    expect(statusSummary(status, true)).toEqual({
      mood: 'paused',
      text: 'statusPausedUntil',
      untilMs: 3_605_000,
    });
  });

  it('admits that it knows nothing without the engine', () => {
    const status = fakeStatus('idle', { photos: 1, waiting: 0, failed: 0 }, 0);
    expect(statusSummary(status, false)).toEqual({ mood: 'offline', text: 'statusAway' });
  });
});
