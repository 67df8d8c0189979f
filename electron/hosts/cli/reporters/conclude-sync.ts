import { join } from 'node:path';

import type { SyncSummary } from '../../../../shared/contract/sync-events.ts';
import type { Failure } from '../../../../shared/domain/failure.ts';
import { logFile } from '../../../engine/logging/log-file.ts';
import type { Context } from '../context.ts';
import { statusOfSync } from '../exit-status.ts';
import { tellFailure } from '../text/tell-failure.ts';
import type { SyncReporter } from './sync-reporter.ts';

/** The last words, for people or for scripts, and the status. */
export function concludeSync(
  { output, messages, signal, dataDirectory }: Context,
  reporter: SyncReporter,
  end: { fatal: Failure | null; problems: number; names: readonly string[] },
): number {
  const { fatal, problems, names } = end;
  const summary = reporter.summary ?? emptySummary(names);
  const cancelled = signal.aborted;
  const { namedFailures } = reporter;
  if (fatal !== null) output.data({ event: 'error', failure: fatal });
  output.data({
    ...summary,
    ...(cancelled ? { cancelled: true } : {}),
    ...(fatal === null ? {} : { error: fatal }),
  });
  if (fatal !== null) {
    const log = join(dataDirectory, logFile);
    output.fatal(
      `cloudroll: ${fatal.code === 'bug' ? messages.crashed(fatal.message, log) : tellFailure(fatal, messages)}`,
    );
    return fatal.code === 'invalid' ? 2 : 1;
  }
  tellStopped(output, messages, summary);
  const status = statusOfSync(summary, namedFailures, problems);
  const lines = messages.syncEnd({ summary, cancelled, namedFailures, problems });
  const [first = '', ...rest] = lines;
  output.line(first, cancelled || status !== 0 ? 'bad' : 'good');
  for (const line of rest) output.line(line);
  for (const [name, totals] of Object.entries(summary.publishing ?? {})) {
    output.line(messages.publish.end(name, totals));
  }
  return status;
}

function tellStopped(
  output: Context['output'],
  messages: Context['messages'],
  summary: SyncSummary,
): void {
  const all = { ...summary.destinations, ...summary.publishing };
  for (const [name, { error }] of Object.entries(all)) {
    if (error === undefined) continue;
    output.problem(`${messages.stoppedDestination(name)}: ${tellFailure(error, messages)}`, 'bad');
  }
}

/** The figures of a run that did not get to anything. */
function emptySummary(names: readonly string[]): SyncSummary {
  const none = { uploaded: 0, alreadyBackedUp: 0, failed: 0, bytesUploaded: 0 };
  return {
    event: 'summary',
    found: 0,
    photos: 0,
    duplicates: 0,
    ...none,
    skipped: 0,
    sidecars: 0,
    ignored: 0,
    seconds: 0,
    destinations: Object.fromEntries(names.map((name) => [name, none])),
  };
}
