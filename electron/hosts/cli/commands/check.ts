import { parseDestinationUrl } from '../../../../shared/domain/destination-url.ts';
import { silentLogger } from '../../../engine/logging/logger.ts';
import { validate, type CaseReport } from '../../../engine/destinations/validation/validate.ts';
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
  engine.registry.kindOf(url);
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
  const count = (outcome: CaseReport['outcome']) =>
    reports.filter((report) => report.outcome === outcome).length;
  const [passed, failed, skipped] = [count('passed'), count('failed'), count('skipped')];
  output.data({ event: 'summary', passed, failed, skipped });
  output.line(messages.check.end(passed, failed), failed === 0 ? 'good' : 'bad');
  return failed === 0 ? 0 : 1;
}

function tellCase(report: CaseReport, { output, messages }: Context): void {
  output.data({ event: 'case', ...report });
  const style = report.outcome === 'failed' ? 'bad' : 'plain';
  const outcome = padTo(messages.check.outcome(report.outcome), outcomeColumns);
  output.line(`${outcome} ${report.name}`, style);
  const why = report.failure === undefined ? report.reason : tellFailure(report.failure, messages);
  if (why !== undefined) output.line(`${' '.repeat(outcomeColumns)} ${why}`);
}
