import type { Command } from './measure.ts';

/** Walks a tree and looks at each file, as a scan has to. */
export function find(folder: string): Command {
  return { program: 'find', args: [folder, '-printf', '%p %s %T@\\n'], discardOutput: true };
}
