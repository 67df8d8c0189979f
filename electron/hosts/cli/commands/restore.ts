import { resolve } from 'node:path';

import {
  formatDestinationUrl,
  parseDestinationUrl,
} from '../../../../shared/domain/destination-url.ts';
import { fail } from '../../../../shared/domain/failure.ts';
import { silentLogger } from '../../../engine/logging/logger.ts';
import {
  restore,
  type RestoreEvent,
  type RestoreSummary,
} from '../../../engine/restore/restore.ts';
import { fromTypedPath } from '../../../engine/scan/raw-path.ts';
import type { Engine } from '../../../engine/runtime/engine.ts';
import { destinationFolders, resolveAsFarAsThere } from '../../../engine/scan/resolve-paths.ts';
import { relativeTo } from '../../../engine/scan/roots.ts';
import { readMarker } from '../../../engine/transfer/marker.ts';
import { CommandError } from '../command-error.ts';
import type { Context } from '../context.ts';
import { statusOfDestination, type ExitStatus } from '../exit-status.ts';
import { RestoreReporter } from '../reporters/restore-reporter.ts';
import { engineOf } from '../session/engine.ts';
import { resolveFolders } from '../session/folders.ts';

/** `cloudroll restore --from URL --into DIR`: needs no catalogue. */
export async function restoreCommand(context: Context): Promise<number> {
  const { options, output, messages, signal, platform } = context;
  await using engine = engineOf(context, silentLogger);
  const from = parseDestinationUrl(options.from ?? '');
  engine.registry.backupKind(from);
  const into = await chooseFolder(context, engine, from);
  const reporter = new RestoreReporter(output, messages, engine.clock);
  const destination = await engine.open(from, 'read');
  const { fileSystem, mediaReader: reader, clock, random } = engine;
  const onEvent = (event: RestoreEvent): void => {
    reporter.take(event);
  };
  let summary: RestoreSummary | null = null;
  try {
    await destination.check(signal);
    summary = await restore(
      { destination, into, platform: namePlatform(platform) },
      { fileSystem, reader, clock, random },
      onEvent,
      signal,
    );
    if (summary.assets === 0 && (await readMarker(destination, signal)) === null) {
      throw fail('notFound', `There is no backup at ${formatDestinationUrl(from)}.`, {
        hint: 'Name the folder or bucket, with its prefix, that photos were backed up to.',
      });
    }
  } catch (error) {
    if (!signal.aborted) {
      reporter.end();
      throw error;
    }
  }
  reporter.end();
  return conclude(context, reporter, summary, into);
}

/** The folder to restore into, which must not overlap with the backup. */
async function chooseFolder(
  context: Context,
  { fileSystem }: Engine,
  from: ReturnType<typeof parseDestinationUrl>,
): Promise<string> {
  const { options, workingDirectory } = context;
  const typed = options.into ?? '';
  await resolveFolders([typed], workingDirectory, fileSystem);
  const path = fromTypedPath(resolve(workingDirectory, typed));
  const into = await resolveAsFarAsThere(path, fileSystem);
  for (const folder of await destinationFolders([from], fileSystem)) {
    if (relativeTo(folder, into) === null && relativeTo(into, folder) === null) continue;
    throw new CommandError('invalid', 2, (texts) => texts.intoOverlap(into, folder));
  }
  return into;
}

/** The rules for names: those of Linux hold on every other system that Node runs on. */
function namePlatform(platform: NodeJS.Platform): 'linux' | 'darwin' | 'win32' {
  return platform === 'darwin' || platform === 'win32' ? platform : 'linux';
}

function conclude(
  { output, messages, signal }: Context,
  reporter: RestoreReporter,
  finished: RestoreSummary | null,
  into: string,
): ExitStatus {
  const cancelled = signal.aborted;
  const summary = finished ?? reporter.soFar();
  output.data({ ...summary, ...(cancelled ? { cancelled: true } : {}) });
  const { stopped } = summary;
  if (stopped !== null) output.problem(reporter.tell(stopped), 'bad');
  const complete = stopped === null && summary.failed === 0 && !cancelled;
  const [first = '', ...rest] = messages.restore.end({ ...summary, into, cancelled });
  output.line(first, complete ? 'good' : 'bad');
  for (const line of rest) output.line(line);
  if (stopped !== null) return statusOfDestination(stopped.code);
  return summary.failed > 0 || summary.journalProblems > 0 ? 1 : 0;
}
