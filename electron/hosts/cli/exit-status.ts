import type { SyncSummary } from '../../../shared/contract/sync-events.ts';
import type { Failure, FailureCode } from '../../../shared/domain/failure.ts';

/**
 * What a script learns: 0 everything asked for is done; 1 something failed, and each was named with its
 * reason; 2 wrong usage; 3 a destination cannot be reached or refuses sign-in.
 */
export type ExitStatus = 0 | 1 | 2 | 3;

/** What a shell reports of a program that a signal ended. */
export const signalStatus = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Why a destination as a whole cannot be used. */
export function statusOfDestination(code: FailureCode): ExitStatus {
  switch (code) {
    case 'offline':
    case 'timeout':
    case 'rateLimited':
    case 'serverError':
    case 'auth':
    case 'notFound':
      return 3;
    case 'invalid':
      return 2;
    default:
      return 1;
  }
}

/** The status of a sync that came to its end. */
export function statusOfSync(
  summary: SyncSummary,
  namedFailures: number,
  problems: number,
): ExitStatus {
  const publishing = Object.values(summary.publishing ?? {});
  const errors = [...Object.values(summary.destinations), ...publishing].flatMap(({ error }) =>
    error === undefined ? [] : [error],
  );
  const notShown = publishing.reduce((sum, { failed }) => sum + failed, 0);
  const worst = worstOf(errors);
  if (worst !== 0) return worst;
  return summary.failed + summary.skipped + namedFailures + problems + notShown > 0 ? 1 : 0;
}

/** Of several destinations that cannot be used: out of reach counts most, then wrong usage. */
export function worstOf(errors: readonly Failure[]): ExitStatus {
  const statuses = errors.map(({ code }) => statusOfDestination(code));
  return ([3, 2, 1] as const).find((status) => statuses.includes(status)) ?? 0;
}
