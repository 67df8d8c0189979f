import { SystemClock } from '../../../engine/adapters/system-clock.ts';
import type { Catalog } from '../../../engine/catalog/catalog.ts';
import { openForReading } from '../../../engine/data-directory/open-for-reading.ts';
import { silentLogger } from '../../../engine/logging/logger.ts';
import type { Context } from '../context.ts';

/** A catalogue that is closed at the end of the block it was opened for. */
export interface ReadCatalogue extends Disposable {
  readonly catalog: Catalog;
}

/** The catalogue for looking only, also while another process works with it; empty where there is none. */
export async function readCatalogue(
  context: Pick<Context, 'dataDirectory' | 'signal'>,
): Promise<ReadCatalogue> {
  const ports = { clock: new SystemClock(), logger: silentLogger };
  const catalog = await openForReading(context.dataDirectory, ports, context.signal);
  return {
    catalog,
    [Symbol.dispose]: () => {
      catalog.close();
    },
  };
}
