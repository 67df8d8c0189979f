import { hostname } from 'node:os';

import {
  formatDestinationUrl,
  parseDestinationUrl,
} from '../../../../shared/domain/destination-url.ts';
import { failureOf, type Failure } from '../../../../shared/domain/failure.ts';
import type { Thumbnailer } from '../../../engine/ports/thumbnailer.ts';
import type { Catalog } from '../../../engine/catalog/catalog.ts';
import { pathsIn } from '../../../engine/data-directory/paths.ts';
import type { Destination } from '../../../engine/destinations/contract.ts';
import {
  findDestination,
  nameDestinations,
  type NamedDestination,
} from '../../../engine/destinations/short-names.ts';
import type { Engine } from '../../../engine/runtime/engine.ts';
import {
  destinationFolders,
  nestedFolders,
  resolveAsFarAsThere,
} from '../../../engine/scan/resolve-paths.ts';
import { publishProven } from '../../../engine/sync/publish-proven.ts';
import type { PublishTarget } from '../../../engine/sync/publishing.ts';
import { refuseOverlap } from '../../../engine/sync/open-folders.ts';
import { runSync, type SyncOptions, type SyncTarget } from '../../../engine/sync/run-sync.ts';
import { CommandError } from '../command-error.ts';
import type { Context } from '../context.ts';
import { concludeSync } from '../reporters/conclude-sync.ts';
import { SyncReporter } from '../reporters/sync-reporter.ts';
import { readCatalogue } from '../session/catalogue.ts';
import { engineOf } from '../session/engine.ts';
import { refuseDataOverlap, resolveFolders, type GivenFolder } from '../session/folders.ts';
import { holdData } from '../session/hold-data.ts';
import { LazyLog } from '../../../engine/logging/lazy-log.ts';

/** Writing the journal of what was proven must not keep somebody waiting who wants to stop, milliseconds. */
const longestFarewellMs = 2000;
const refreshEveryMs = 500;

/** `cloudroll sync FOLDER… --to URL …` */
export async function syncCommand(context: Context): Promise<number> {
  const { output, messages, options } = context;
  await using log = new LazyLog(context);
  await using engine = engineOf(context, log);
  const reporter = new SyncReporter({
    output,
    messages,
    clock: engine.clock,
    watching: options.watch,
  });
  const { folders, destinations } = await understand(context, engine);
  const names: string[] = [];
  let fatal: Failure | null = null;
  let problems = 0;
  const timer = setInterval(() => {
    reporter.refresh();
  }, refreshEveryMs);
  timer.unref();
  try {
    await using data = await holdData(context, engine, log);
    for (const failure of data.notices)
      reporter.take({ event: 'notice', destination: null, failure });
    log.info('sync', { folders: folders.length, destinations: destinations.length });
    const run = new SyncCommandRun(context, engine, data.catalog, reporter);
    const opened = await run.openTargets(destinations);
    names.push(...opened.targets.map(({ name }) => name));
    problems = await run.perform(folders, opened);
  } catch (error) {
    const failure = failureOf(error);
    if (error instanceof CommandError) throw error;
    if (failure.code === 'bug')
      log.error('bug', { message: failure.message, stack: stackOf(error) });
    if (failure.code !== 'cancelled' || !context.signal.aborted) fatal = failure;
  } finally {
    clearInterval(timer);
    reporter.end();
  }
  return concludeSync(context, reporter, { fatal, problems, names });
}

interface Understood {
  readonly folders: readonly string[];
  readonly destinations: readonly ReturnType<typeof parseDestinationUrl>[];
}

/** Everything that can be wrong with the command itself, before anything is touched. */
async function understand(context: Context, engine: Engine): Promise<Understood> {
  const { options, operands, workingDirectory, dataDirectory, output, messages } = context;
  const { fileSystem } = engine;
  const destinations: ReturnType<typeof parseDestinationUrl>[] = [];
  for (const text of options.to) {
    const url = parseDestinationUrl(text);
    engine.registry.kindOf(url);
    const twice = findDestination(
      url,
      destinations.map((known) => ({ url: formatDestinationUrl(known), name: '' })),
    );
    if (twice === undefined) destinations.push(url);
    else noteAdvice(output, messages.sameDestinationTwice(formatDestinationUrl(url)).message);
  }
  if (destinations.every((url) => engine.registry.roleOf(url) === 'publish')) {
    const titles = destinations.map((url) => engine.registry.kindOf(url).title);
    throw new CommandError('invalid', 2, (texts) => texts.publish.noBackup([...new Set(titles)]));
  }
  const given = await resolveFolders(operands, workingDirectory, fileSystem);
  const folders = given.map(({ path }) => path);
  await refuseUnknown(given, context);
  const local = await destinationFolders(destinations, fileSystem);
  refuseOverlap(folders, local);
  const data = await resolveAsFarAsThere(dataDirectory, fileSystem);
  refuseDataOverlap(data, folders, local);
  for (const { inner, outer } of nestedFolders(folders)) {
    noteAdvice(output, messages.folderInside(inner, outer).message);
  }
  return { folders, destinations };
}

/** A folder that is away is fine where it is known: its drive may be unplugged. Otherwise it is a mistake. */
async function refuseUnknown(given: readonly GivenFolder[], context: Context): Promise<void> {
  const missing = given.filter((folder) => folder.missing);
  if (missing.length === 0) return;
  using catalogue = await readCatalogue(context);
  const known = new Set(catalogue.catalog.files.roots().map(({ path }) => path));
  const unknown = missing.find(({ path }) => !known.has(path));
  if (unknown === undefined) return;
  throw new CommandError('notFound', 2, (texts) => texts.noSuchFolder(unknown.path));
}

function noteAdvice(output: Context['output'], message: string): void {
  output.data({ event: 'notice', destination: null, failure: { code: 'invalid', message } });
  output.problem(message);
}

interface OpenedTargets {
  readonly targets: readonly SyncTarget[];
  readonly publishers: readonly PublishTarget[];
}

class SyncCommandRun {
  readonly #context: Context;
  readonly #engine: Engine;
  readonly #catalog: Catalog;
  readonly #reporter: SyncReporter;

  constructor(context: Context, engine: Engine, catalog: Catalog, reporter: SyncReporter) {
    this.#context = context;
    this.#engine = engine;
    this.#catalog = catalog;
    this.#reporter = reporter;
  }

  async openTargets(
    urls: readonly ReturnType<typeof parseDestinationUrl>[],
  ): Promise<OpenedTargets> {
    const targets: SyncTarget[] = [];
    const publishers: PublishTarget[] = [];
    for (const named of nameDestinations(urls, this.#catalog.known())) {
      const { url, storedUrl, name } = named;
      if (this.#engine.registry.roleOf(url) === 'publish') {
        const publisher = await this.#engine.openPublisher(url);
        publishers.push({ url: storedUrl, name, publisher });
      } else {
        targets.push({ url: storedUrl, name, destination: await this.#openTarget(named) });
      }
    }
    return { targets, publishers };
  }

  /** Runs once, or until the person stops it. Returns how many questions and folders are open. */
  async perform(
    folders: readonly string[],
    { targets, publishers }: OpenedTargets,
  ): Promise<number> {
    const { options, platform, signal } = this.#context;
    await using thumbnailer = await this.#thumbnailer();
    const syncOptions: SyncOptions = {
      folders,
      targets,
      publishers,
      deviceName: options.deviceName ?? hostname(),
      platform,
      dryRun: options.dryRun,
      startAnew: options.startAnew,
      acceptChanges: options.acceptChanges,
      ...(thumbnailer.made === null ? {} : { thumbnailer: thumbnailer.made }),
    };
    const { clock, random, fileSystem, mediaReader, logger } = this.#engine;
    const ports = { clock, random, fileSystem, mediaReader, logger, catalog: this.#catalog };
    const onEvent = this.#reporter.take.bind(this.#reporter);
    try {
      if (!options.watch) {
        const { problems } = await runSync(syncOptions, ports, onEvent, signal);
        return problems;
      }
      const { watch } = await import('./watch.ts');
      return await watch(syncOptions, ports, onEvent, signal);
    } finally {
      if (signal.aborted && !options.dryRun) await this.#publishWhatIsProven(targets);
    }
  }

  async #openTarget({ url, storedUrl }: NamedDestination): Promise<Destination> {
    const known = this.#catalog.deliveries.destinations().find((one) => one.url === storedUrl);
    const setUp = known?.marker == null || this.#context.options.startAnew;
    return this.#engine.open(url, setUp ? 'setUp' : 'write');
  }

  async #thumbnailer(): Promise<AsyncDisposable & { readonly made: Thumbnailer | null }> {
    const { options, dataDirectory } = this.#context;
    if (!options.previews || options.dryRun) {
      return { made: null, [Symbol.asyncDispose]: () => Promise.resolve() };
    }
    const { ProcessThumbnailer } =
      await import('../../../engine/media/thumbnails/process-thumbnailer.ts');
    const made = new ProcessThumbnailer({ directory: pathsIn(dataDirectory).thumbnails });
    return { made, [Symbol.asyncDispose]: () => made.close() };
  }

  /** After Ctrl-C: what was proven goes into the journal if that is quick; the next run does it otherwise. */
  async #publishWhatIsProven(targets: readonly SyncTarget[]): Promise<void> {
    const signal = AbortSignal.timeout(longestFarewellMs);
    await publishProven(targets, { catalog: this.#catalog, clock: this.#engine.clock }, signal);
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? '') : '';
}
