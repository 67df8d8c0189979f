import {
  parseDestinationUrl,
  type DestinationUrl,
} from '../../../../shared/domain/destination-url.ts';
import type { Engine } from '../../../engine/runtime/engine.ts';
import { silentLogger } from '../../../engine/logging/logger.ts';
import { validate, type CaseReport } from '../../../engine/destinations/validation/validate.ts';
import { sweepLeftovers } from '../../../engine/verify/sweep-leftovers.ts';
import type { Context } from '../context.ts';
import { engineOf } from '../session/engine.ts';
import { padTo } from '../terminal/width.ts';
import { tellFailure } from '../text/tell-failure.ts';

const outcomeColumns = 8;

/** `cloudroll check URL`: the contract suite against a live destination. */
export async function checkCommand(context: Context): Promise<number> {
  const { output, messages, operands, signal } = context;
  await using engine = engineOf(context, silentLogger);
  const url = parseDestinationUrl(operands[0] ?? '');
  if (engine.registry.roleOf(url) === 'publish') return await checkPublisher(url, context, engine);
  const destination = await engine.open(url, 'setUp');
  await destination.check(signal);
  const reports = await validate(
    destination,
    {
      random: engine.random,
      clock: engine.clock,
      reopen: () => engine.open(url, 'setUp'),
    },
    (report) => {
      tellCase(report, context);
    },
    signal,
  );
  await sweepLeftovers(destination, () => Promise.resolve(destination), engine, signal);
  const count = (outcome: CaseReport['outcome']) =>
    reports.filter((report) => report.outcome === outcome).length;
  const [passed, failed, skipped] = [count('passed'), count('failed'), count('skipped')];
  // Whether it can tell was a case of its own.
  const quota = (await destination.quota?.(signal).catch(() => null)) ?? null;
  output.data({ event: 'summary', passed, failed, skipped, quota });
  if (quota !== null) output.line(messages.check.space(quota.usedBytes, quota.totalBytes));
  output.line(messages.check.end(passed, failed), failed === 0 ? 'good' : 'bad');
  return failed === 0 ? 0 : 1;
}

/** Of a place that only shows photos there is nothing to prove: only that it can be reached and signed in to. */
async function checkPublisher(
  url: DestinationUrl,
  context: Context,
  engine: Engine,
): Promise<number> {
  const { output, messages, signal } = context;
  const publisher = await engine.openPublisher(url);
  const began = engine.clock.monotonic();
  await publisher.check(signal);
  const milliseconds = engine.clock.monotonic() - began;
  const name = 'it can be reached, and the sign-in holds';
  tellCase({ name, outcome: 'passed', milliseconds }, context);
  output.data({ event: 'summary', passed: 1, failed: 0, skipped: 0, quota: null });
  output.line(messages.check.end(1, 0), 'good');
  return 0;
}

function tellCase(report: CaseReport, { output, messages }: Context): void {
  output.data({ event: 'case', ...report });
  const style = report.outcome === 'failed' ? 'bad' : 'plain';
  const outcome = padTo(messages.check.outcome(report.outcome), outcomeColumns);
  output.line(`${outcome} ${report.name}`, style);
  const why = report.failure === undefined ? report.reason : tellFailure(report.failure, messages);
  if (why !== undefined) output.line(`${' '.repeat(outcomeColumns)} ${why}`);
}
