import { useEffect, useLayoutEffect, useRef, useState } from 'react';

import type { TimelineFilter } from '../../shared/contract/app/timeline.ts';
import { useAppEvent, useAppQuery, useConnected, useSession } from '../app/engine.tsx';
import { metricsFor } from './metrics.ts';
import { TimelineModel } from './timeline-model.ts';

export interface TimelineParts {
  readonly model: TimelineModel;
  /** The answer to which days there are. */
  readonly days: ReturnType<typeof useAppQuery<'timeline.days'>>;
}

/** Milliseconds between two looks at pictures that were made meanwhile. */
const PICTURES_EVERY = 1000;

/** The timeline of a filter, kept current by the engine's events. The filter does not change. */
export function useTimelineModel(filter: TimelineFilter): TimelineParts {
  const session = useSession();
  const connected = useConnected();
  const days = useAppQuery('timeline.days', { filter });
  const [model] = useState(
    () =>
      new TimelineModel(
        (page, signal) => session.call('timeline.range', { filter, ...page }, signal),
        metricsFor(1, 16),
      ),
  );

  const { data } = days;
  useLayoutEffect(() => {
    if (data !== undefined) model.setDays(data);
  }, [model, data]);

  useEffect(() => {
    if (connected) {
      model.outdate(null);
      model.retry();
    }
  }, [model, connected]);

  useAppEvent('timelineChanged', ({ days: changed }) => {
    model.outdate(changed);
    void days.refetch();
  });

  const made = useRef<string[]>([]);
  useAppEvent('picturesMade', ({ ids }) => {
    if (made.current.length === 0) {
      window.setTimeout(() => {
        const all = made.current;
        made.current = [];
        model.picturesMade(all);
      }, PICTURES_EVERY);
    }
    made.current.push(...ids);
  });

  return { model, days };
}
