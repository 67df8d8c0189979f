/** Whether a test can run here; where it cannot, its reason is printed, because a skipped test shows nothing. */
export function where(possible: boolean, reason: string): boolean {
  if (!possible) console.warn(`skipped: ${reason}`);
  return possible;
}

/** For names whose bytes are not UTF-8, which only Linux keeps as they are. */
export const rawNames = where(process.platform === 'linux', 'names that are not UTF-8: no Linux');

/** For links, pipes and names that Windows does not have. */
export const posixNames = where(
  process.platform !== 'win32',
  'links, pipes and odd names: Windows',
);
