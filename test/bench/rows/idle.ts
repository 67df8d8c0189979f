import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { writeLibrary } from '../../support/e2e/app/large-library.ts';
import { count, withFolder } from '../support/bench.ts';
import { cloudroll } from '../support/cloudroll.ts';
import { atMost, present, rowOf } from '../support/row.ts';
import { watchQuietly } from '../support/watching.ts';
import type { Group } from './group.ts';

const photos = 100_000;

/** What the engine costs all day, with nothing to do: as the tray has it, without a window. */
export const idleGroup: Group = {
  name: 'idle',
  measure: (bench) =>
    withFolder(bench, async (folder) => {
      const places = {
        ...{ data: join(folder, 'data'), photos: join(folder, 'Pictures') },
        ...{ backup: join(folder, 'backup') },
        path: (...parts: string[]) => join(folder, ...parts),
      };
      await mkdir(places.photos);
      await writeLibrary(places, photos);
      const serve = cloudroll(['serve', '--data', places.data, '--json'], { HOME: folder });
      const quiet = await watchQuietly(serve, bench.signal);
      const what = `engine that has nothing to do, ${count(photos, 'photos')} in its catalogue`;
      return present([
        rowOf({
          id: 'idle-processor',
          what: `${what}: processor time`,
          unit: '%',
          ours: quiet?.idlePercent,
          goal: atMost(1),
        }),
        rowOf({
          id: 'idle-memory',
          what: `${what}: resident memory`,
          unit: 'MB',
          ours: quiet?.residentMegabytes,
        }),
      ]);
    }),
};
