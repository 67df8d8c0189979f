import type { Failure } from '../../../../shared/domain/failure.ts';
import { failureOf } from '../../../../shared/domain/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import { throwIfCancelled } from '../cancellation.ts';
import type { Destination } from '../contract.ts';
import type { ValidationCase, ValidationTools } from './case.ts';
import { objectCases } from './object-cases.ts';
import { writeCases } from './write-cases.ts';

/** The contract of a destination, promise by promise. */
export const validationCases: readonly ValidationCase[] = [...objectCases, ...writeCases];

export interface ValidationPorts {
  readonly random: Random;
  readonly clock: Clock;
  /** Another instance for the same place. */
  readonly reopen: () => Promise<Destination>;
}

export interface CaseReport {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped. */
  readonly reason?: string;
  readonly failure?: Failure;
  readonly milliseconds: number;
}

/**
 * Runs the contract suite against a live destination, which has to be checked before. Works below
 * `.cloudroll/check/<random>/` and leaves nothing there.
 * @returns the reports of all cases; they have been given to `onCase` one by one
 */
export async function validate(
  destination: Destination,
  ports: ValidationPorts,
  onCase: (report: CaseReport) => void,
  signal: AbortSignal,
): Promise<readonly CaseReport[]> {
  const base = validationPrefix(ports.random);
  const reports: CaseReport[] = [];
  for (const [index, one] of validationCases.entries()) {
    throwIfCancelled(signal);
    const prefix = `${base}${String(index)}/`;
    const tools = { prefix, reopen: ports.reopen, manyObjects: 0 };
    const report = await runCase(one, destination, tools, ports.clock, signal);
    reports.push(report);
    onCase(report);
  }
  return reports;
}

/** A fresh folder for the suite's objects. */
export function validationPrefix(random: Random): string {
  return `.cloudroll/check/${Buffer.from(random.bytes(8)).toString('hex')}/`;
}

/** Removes everything below the prefix. */
export async function cleanUp(
  destination: Destination,
  prefix: string,
  signal: AbortSignal,
): Promise<void> {
  const keys: string[] = [];
  for await (const { key } of destination.list(prefix, signal)) keys.push(key);
  for (let start = 0; start < keys.length; start += removalsAtOnce) {
    const batch = keys.slice(start, start + removalsAtOnce);
    await Promise.all(batch.map((key) => destination.remove(key, signal)));
  }
}

async function runCase(
  one: ValidationCase,
  destination: Destination,
  tools: ValidationTools,
  clock: Clock,
  signal: AbortSignal,
): Promise<CaseReport> {
  const { name } = one;
  const reason = one.inapplicable?.(destination, tools);
  if (reason !== undefined) return { name, outcome: 'skipped', reason, milliseconds: 0 };
  const start = clock.monotonic();
  let failure: Failure | undefined;
  try {
    await one.run(destination, tools, signal);
  } catch (error) {
    failure = failureOf(error);
  }
  try {
    // Also when the run was cancelled, nothing of it may stay.
    await cleanUp(destination, tools.prefix, AbortSignal.timeout(cleanUpMs));
  } catch (error) {
    failure ??= failureOf(error);
  }
  const milliseconds = clock.monotonic() - start;
  return failure === undefined
    ? { name, outcome: 'passed', milliseconds }
    : { name, outcome: 'failed', failure, milliseconds };
}

const removalsAtOnce = 8;
const cleanUpMs = 60_000;
