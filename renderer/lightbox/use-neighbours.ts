import { useEffect, useState } from 'react';

import type { TimelineFilter, TimelineItem } from '../../shared/contract/app/timeline.ts';
import { useSession } from '../app/engine.tsx';
import { joinItems } from './slides.ts';

/** Photos that are asked for on each side, and how near the end more are asked for. */
const ASKED = 60;
const NEAR_END = 15;

/**
 * The photos around one, in the timeline's order, and the place of the one that is shown; more follow as it
 * moves towards an end. Null until the first are there.
 */
export function useNeighbours(
  filter: TimelineFilter,
  shown: string,
): { readonly items: readonly TimelineItem[]; readonly error: unknown } {
  const session = useSession();
  const [items, setItems] = useState<readonly TimelineItem[]>([]);
  const [error, setError] = useState<unknown>(null);
  const [ends, setEnds] = useState({ newest: false, oldest: false });
  const at = items.findIndex(({ id }) => id === shown);
  const wanted =
    at === -1 || (at < NEAR_END && !ends.newest) || (at >= items.length - NEAR_END && !ends.oldest);
  useEffect(() => {
    if (!wanted) return;
    const stop = new AbortController();
    session
      .call('timeline.around', { filter, id: shown, newer: ASKED, older: ASKED }, stop.signal)
      .then(
        (around) => {
          const place = around.findIndex(({ id }) => id === shown);
          setEnds((known) => ({
            newest: known.newest || place < ASKED,
            oldest: known.oldest || around.length - 1 - place < ASKED,
          }));
          setItems((known) => joinItems(known, around));
        },
        (failure: unknown) => {
          if (!stop.signal.aborted) setError(failure);
        },
      );
    return () => {
      stop.abort();
    };
  }, [session, filter, shown, wanted]);
  return { items, error };
}
