import { readdirSync, readFileSync } from 'node:fs';

/** A process of this machine; `started` tells it from a later one of the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly started: string;
}

/** Whether processes can be looked at here: on Linux, through /proc (proc_pid_stat(5)). */
export const processesVisible = process.platform === 'linux';

/** Everything that a process has started, directly or not, and that still runs. */
export function descendantsOf(ancestor: number): ProcessIdentity[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .flatMap((name) => statusOf(Number(name)) ?? []);
  const found: ProcessIdentity[] = [];
  let parents = new Set([ancestor]);
  while (parents.size > 0) {
    const children = all.filter(({ parent }) => parents.has(parent));
    found.push(...children);
    parents = new Set(children.map(({ pid }) => pid));
  }
  return found;
}

/** Whether a process runs; one that has ended and was not waited for does not. */
export function isRunning({ pid, started }: ProcessIdentity): boolean {
  return statusOf(pid)?.started === started;
}

function statusOf(pid: number): (ProcessIdentity & { readonly parent: number }) | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state, parent] = fields;
    if (state === 'Z' || state === 'X') return null;
    return { pid, started: fields[19] ?? '', parent: Number(parent) };
  } catch {
    return null;
  }
}
