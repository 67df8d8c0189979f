import type { Catalog } from './catalog/catalog.ts';
import type { Logger } from './logging/logger.ts';
import type { Clock } from './ports/clock.ts';
import type { FileSystem } from './ports/file-system.ts';
import type { MediaReader } from './ports/media-reader.ts';
import type { Random } from './ports/random.ts';

/** Everything the engine touches outside its own memory; destinations are handed over one by one. */
export interface EnginePorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly fileSystem: FileSystem;
  readonly mediaReader: MediaReader;
  readonly catalog: Catalog;
  readonly logger: Logger;
}
