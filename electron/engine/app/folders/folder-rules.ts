import ignore from 'ignore';

import type { LeaveAlone } from '../../scan/look.ts';

/**
 * What a folder's exclude rules leave alone, by the rules of gitignore (https://git-scm.com/docs/gitignore):
 * a name anywhere, `/name` at the top, `a/**`, `*.gif`, `!keep.gif`; upper and lower case are the same.
 * Null where there are no rules.
 */
export function leaveAloneBy(rules: readonly string[]): LeaveAlone | null {
  const meant = rules.map((rule) => rule.trim()).filter((rule) => rule !== '');
  if (meant.length === 0) return null;
  const matcher = ignore({ ignorecase: true, allowRelativePaths: true }).add(meant);
  return (path, kind) => matcher.ignores(kind === 'directory' ? `${path}/` : path);
}
