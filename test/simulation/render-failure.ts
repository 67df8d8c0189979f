import type { SimulationArguments } from './arguments.ts';
import { shrink } from './shrink.ts';
import type { ScheduleResult, Suppressed } from './schedule.ts';

/** Lines of the trace that a person gets to see. */
const tailLines = 40;

/** Shrinks a failing schedule and says what broke, what it takes, and how to see it again. */
export async function renderFailure(
  first: ScheduleResult,
  run: (suppressed: Suppressed) => Promise<ScheduleResult>,
  enough: () => boolean,
  { trace: whole, planted, focus }: Pick<SimulationArguments, 'trace' | 'planted' | 'focus'>,
): Promise<string> {
  const { result } = await shrink(first, run, enough);
  const list = (items: ScheduleResult['events']): string =>
    items.map(({ what }) => `    ${what}\n`).join('') || '    none\n';
  const world =
    planted === null ? (focus === null ? '' : ` --focus ${focus}`) : ` --planted ${planted}`;
  const trace = result.trace.slice(whole ? 0 : -tailLines);
  return [
    `\nSeed ${String(first.seed)} breaks “${first.failure?.invariant ?? ''}”:\n`,
    `  ${result.failure?.message ?? ''}\n`,
    `  What it takes (after shrinking):\n  events:\n${list(result.events)}  faults:\n${list(result.faults)}`,
    `  The end of the trace:\n${trace.map((line) => `    ${line}\n`).join('')}`,
    `  See it again: npm run simulate -- --seed ${String(first.seed)} --count 1${world}\n`,
  ].join('');
}
