import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { killGroupOn, signalGroup, type Command } from './measure.ts';

/** What a program costs that has nothing to do. */
export interface Quiet {
  readonly residentMegabytes: number;
  /** Processor time of its process, percent of one core. */
  readonly idlePercent: number;
}

/** Clock ticks a second that the kernel counts processor time in (`USER_HZ`, 100 on every Linux). */
const ticksPerSecond = 100;
const settledAfterSeconds = 3;
const longestSettlingSeconds = 180;
const idleSeconds = 15;

/**
 * Starts a program that watches, lets it come to rest, and looks at what it costs then; null where the
 * system does not tell (no `/proc`).
 * @throws where it ends or does not come to rest
 */
export async function watchQuietly(command: Command, signal: AbortSignal): Promise<Quiet | null> {
  if (!existsSync('/proc/self/stat')) return null;
  signal.throwIfAborted();
  const child = spawn(command.program, command.args, {
    detached: true,
    env: { ...process.env, ...command.environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'close');
  const forget = killGroupOn(signal, child);
  try {
    const { pid } = child;
    if (pid === undefined) throw new Error(`${command.program} cannot be started`);
    await settle(pid, signal);
    const before = ticks(pid);
    await sleep(idleSeconds * 1000, undefined, { signal });
    const used = (ticks(pid) - before) / ticksPerSecond;
    return {
      residentMegabytes: residentMegabytes(pid),
      idlePercent: (used / idleSeconds) * 100,
    };
  } finally {
    forget();
    signalGroup(child, 'SIGKILL');
    await ended;
  }
}

/** Waits until the process has used next to nothing for a while. */
async function settle(pid: number, signal: AbortSignal): Promise<void> {
  let before = ticks(pid);
  let quiet = 0;
  for (let second = 0; second < longestSettlingSeconds; second += 1) {
    await sleep(1000, undefined, { signal });
    const now = ticks(pid);
    // A start that waits for the disk looks quiet too: it has used next to nothing yet.
    quiet = now - before <= 1 && now > ticksPerSecond / 5 ? quiet + 1 : 0;
    if (quiet >= settledAfterSeconds) return;
    before = now;
  }
  throw new Error('the watching command does not come to rest');
}

/** User and system time so far (proc(5), fields 14 and 15 of stat). */
function ticks(pid: number): number {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'latin1');
  // The name in parentheses may hold anything; the fields after it start with the third.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${String(pid)}/status`, 'latin1');
  const kibibytes = /^VmRSS:\s+(\d+) kB$/mu.exec(status)?.[1];
  if (kibibytes === undefined) throw new Error('the system does not tell the resident memory');
  return (Number(kibibytes) * 1024) / 1e6;
}
