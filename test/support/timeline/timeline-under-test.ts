import { NodeFileSystem } from '../../../electron/engine/adapters/node-file-system.ts';
import {
  timelineHandlers,
  type TimelineHandlers,
} from '../../../electron/engine/timeline/handlers.ts';
import type { AppEventData, AppEventName } from '../../../shared/contract/app/events.ts';
import type { TimelineFilter, TimelineItem } from '../../../shared/contract/app/timeline.ts';
import { TestCatalog } from '../catalog/test-catalog.ts';

export const patient = new AbortController().signal;

/** The questions about photos over a catalogue in memory. */
export class TimelineUnderTest {
  readonly test: TestCatalog;
  readonly handlers: TimelineHandlers;
  readonly events: { name: AppEventName; data: AppEventData<AppEventName> }[] = [];
  readonly revealed: string[] = [];

  constructor(destinations = 1, rootPath = '/photos') {
    this.test = new TestCatalog(destinations, 'aa', rootPath);
    const { catalog } = this.test;
    this.handlers = timelineHandlers({
      catalog,
      fileSystem: new NodeFileSystem(),
      announce: (name, data) => this.events.push({ name, data }),
      reveal: (path) => {
        this.revealed.push(path);
        return Promise.resolve();
      },
      destinations: () =>
        catalog.deliveries.destinations().map(({ url, name }) => ({ id: `id-${name}`, url, name })),
    });
  }

  days(filter: TimelineFilter = {}): Promise<{ day: string; count: number }[]> {
    return this.handlers['timeline.days']({ filter }, patient);
  }

  range(filter: TimelineFilter = {}, offset = 0, limit = 1000): Promise<TimelineItem[]> {
    const everything = { newest: '9999-12-31', oldest: '0000-01-01' };
    return this.handlers['timeline.range']({ filter, ...everything, offset, limit }, patient);
  }

  /** Names of the photos that a filter shows, newest first. */
  async names(filter: TimelineFilter = {}): Promise<string[]> {
    return (await this.range(filter)).map(({ name }) => name);
  }

  around(
    id: string,
    newer: number,
    older: number,
    filter: TimelineFilter = {},
  ): Promise<TimelineItem[]> {
    return this.handlers['timeline.around']({ filter, id, newer, older }, patient);
  }

  details(id: string): ReturnType<TimelineHandlers['asset.details']> {
    return this.handlers['asset.details']({ id }, patient);
  }
}
