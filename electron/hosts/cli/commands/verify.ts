import {
  formatDestinationUrl,
  parseDestinationUrl,
} from '../../../../shared/domain/destination-url.ts';
import { failureOf, type Failure } from '../../../../shared/domain/failure.ts';
import type { DestinationRow } from '../../../engine/catalog/deliveries.ts';
import type { Finding } from '../../../engine/verify/compare.ts';
import type { Engine } from '../../../engine/runtime/engine.ts';
import { findDestination } from '../../../engine/destinations/short-names.ts';
import { ReadingRounds } from '../../../engine/verify/reading-rounds.ts';
import { sweepLeftovers } from '../../../engine/verify/sweep-leftovers.ts';
import { verifyDestination } from '../../../engine/verify/verify-destination.ts';
import type { VerifyEvent, VerifySummary } from '../../../engine/verify/verify-tally.ts';
import { CommandError } from '../command-error.ts';
import type { Context } from '../context.ts';
import { worstOf, type ExitStatus } from '../exit-status.ts';
import { VerifyReporter } from '../reporters/verify-reporter.ts';
import { engineOf } from '../session/engine.ts';
import { holdData, type HeldData } from '../session/hold-data.ts';
import { LazyLog } from '../../../engine/logging/lazy-log.ts';
import { tellFailure } from '../text/tell-failure.ts';

interface Verified {
  readonly name: string;
  /** Null where the destination could not be looked at to the end. */
  readonly summary: VerifySummary | null;
  readonly error: Failure | null;
}

/** `cloudroll verify [URL]… [--read-data[=PERCENT]]` */
export async function verifyCommand(context: Context): Promise<number> {
  const { output, messages, signal } = context;
  await using log = new LazyLog(context);
  await using engine = engineOf(context, log);
  const wanted = context.operands.map((text) => parseDestinationUrl(text));
  for (const url of wanted) engine.registry.backupKind(url);
  await using data = await holdData(context, engine, log);
  const rows = chooseDestinations(wanted, data.catalog.deliveries.destinations());
  const reporter = new VerifyReporter(output, messages, engine.clock);
  const verified: Verified[] = [];
  for (const row of rows) {
    if (signal.aborted) break;
    const one = await verifyOne(row, { context, engine, data, reporter });
    verified.push(one);
    reporter.end();
    tellVerified(one, context);
  }
  const summary = addUp(verified);
  output.data({ ...summary, ...(signal.aborted ? { cancelled: true } : {}) });
  return statusOf(verified);
}

function chooseDestinations(
  wanted: readonly ReturnType<typeof parseDestinationUrl>[],
  rows: readonly DestinationRow[],
): readonly DestinationRow[] {
  if (wanted.length === 0 && rows.length === 0) {
    throw new CommandError('notFound', 2, (texts) => texts.nothingToVerify());
  }
  if (wanted.length === 0) return rows;
  return wanted.map((url) => {
    const row = findDestination(url, rows);
    if (row !== undefined) return row;
    const text = formatDestinationUrl(url);
    throw new CommandError('notFound', 2, (texts) => texts.unknownDestination(text));
  });
}

async function verifyOne(
  row: DestinationRow,
  parts: { context: Context; engine: Engine; data: HeldData; reporter: VerifyReporter },
): Promise<Verified> {
  const { context, engine, data, reporter } = parts;
  const { options, signal } = context;
  const { name, url } = row;
  const percent = options.readData;
  const ledger = data.catalog.ledger(row.id);
  const rounds = new ReadingRounds(data.path);
  const onEvent = (event: VerifyEvent): void => {
    if (event.event === 'finding' && isLoss(event.finding)) {
      ledger.recordLoss({ key: event.finding.object.key });
    }
    reporter.take(name, event);
  };
  try {
    const destination = await engine.open(parseDestinationUrl(url), 'read');
    await destination.check(signal);
    const started = percent === null ? null : await rounds.find(url, percent);
    if (percent !== null && started === null) await rounds.begin(url, percent, engine.clock.now());
    const roundStartedMs = percent === null ? null : await rounds.find(url, percent);
    const summary = await verifyDestination(
      {
        destination,
        ledger,
        readData: percent === null ? null : { percent, order: 'oldest-first' },
        resume: roundStartedMs === null ? null : { roundStartedMs },
      },
      { clock: engine.clock, onEvent },
      signal,
    );
    await rounds.end(url);
    const forWriting = () => engine.open(parseDestinationUrl(url), 'write');
    await sweepLeftovers(destination, forWriting, engine, signal);
    return { name, summary, error: null };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.code === 'bug') throw error;
    return { name, summary: null, error: signal.aborted ? null : failure };
  }
}

/** Findings that take back that something is backed up: the next sync sends it again. */
function isLoss(
  finding: Finding,
): finding is Extract<Finding, { kind: 'missing' | 'wrongSize' | 'corrupt' }> {
  return ['missing', 'wrongSize', 'corrupt'].includes(finding.kind);
}

function tellVerified({ name, summary, error }: Verified, { output, messages }: Context): void {
  if (error !== null) {
    output.data({ event: 'error', destination: name, failure: error });
    output.problem(`${name}: ${tellFailure(error, messages)}`, 'bad');
  }
  if (summary === null) return;
  output.data({ ...summary, event: 'destination', name });
  const style = summary.intact === summary.expected ? 'good' : 'bad';
  const [first = '', ...rest] = messages.verify.end(name, summary);
  output.line(first, style);
  for (const line of rest) output.line(line);
}

function addUp(verified: readonly Verified[]): object {
  const summaries = verified.flatMap(({ summary }) => (summary === null ? [] : [summary]));
  const sum = (field: keyof Omit<VerifySummary, 'event' | 'roundStartedMs'>): number =>
    summaries.reduce((total, summary) => total + summary[field], 0);
  return {
    event: 'summary',
    expected: sum('expected'),
    intact: sum('intact'),
    missing: sum('missing'),
    wrongSize: sum('wrongSize'),
    corrupt: sum('corrupt'),
    unreadable: sum('unreadable'),
    unjournalled: sum('unjournalled'),
    extra: sum('extra'),
    foreign: sum('foreign'),
    journalProblems: sum('journalProblems'),
    read: sum('read'),
    bytesRead: sum('bytesRead'),
    seconds: sum('seconds'),
    destinations: Object.fromEntries(
      verified.map(({ name, summary, error }) => [
        name,
        {
          expected: summary?.expected ?? 0,
          intact: summary?.intact ?? 0,
          ...(error === null ? {} : { error }),
        },
      ]),
    ),
  };
}

function statusOf(verified: readonly Verified[]): ExitStatus {
  const worst = worstOf(verified.flatMap(({ error }) => (error === null ? [] : [error])));
  if (worst !== 0) return worst;
  const sound = verified.every(
    ({ summary }) =>
      summary !== null && summary.intact === summary.expected && summary.journalProblems === 0,
  );
  return sound ? 0 : 1;
}
