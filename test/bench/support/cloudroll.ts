import { z } from 'zod';

import { binPath } from '../../support/cli/run-cli.ts';
import { s3Environment, type Reached } from './s3-server.ts';
import type { Command, Measured } from './measure.ts';

const summarySchema = z.object({
  event: z.literal('summary'),
  photos: z.int(),
  uploaded: z.int(),
  alreadyBackedUp: z.int(),
  failed: z.int(),
});

/** Our command, as people run it. */
export function cloudroll(
  args: readonly string[],
  environment: Command['environment'] = {},
): Command {
  return {
    program: process.execPath,
    args: [binPath, ...args],
    environment: { LC_ALL: 'C.UTF-8', NO_COLOR: '1', ...environment },
  };
}

/** `cloudroll sync` to a folder. */
export function syncToFolder(
  folder: string,
  target: string,
  data: string,
  more: readonly string[] = ['--no-previews'],
): Command {
  return cloudroll(['sync', folder, '--to', `file://${target}`, '--data', data, '--json', ...more]);
}

/** `cloudroll sync` to a bucket, with so many transfers at once. */
export function syncToBucket(
  folder: string,
  { access, bucket, transfers }: Reached,
  data: string,
): Command {
  const { endpoint, region } = access;
  const url = `s3://${bucket}/photos?endpoint=${endpoint}&region=${region}`;
  return cloudroll(
    [
      ...['sync', folder, '--to', url, '--data', data, '--json', '--no-previews'],
      ...['--transfers', String(transfers)],
    ],
    s3Environment(access),
  );
}

/**
 * Checks what a run said of itself at its end.
 * @throws where not all photos were uploaded by it, or were there before
 */
export function requireSummary(
  { lines }: Measured,
  expected: { readonly uploaded: number } | { readonly alreadyBackedUp: number },
): void {
  const summary = summarySchema.parse(JSON.parse(lines.at(-1) ?? ''));
  const { photos, uploaded, alreadyBackedUp, failed } = summary;
  const wanted = { uploaded: 0, alreadyBackedUp: 0, ...expected };
  const complete =
    failed === 0 &&
    photos === wanted.uploaded + wanted.alreadyBackedUp &&
    uploaded === wanted.uploaded &&
    alreadyBackedUp === wanted.alreadyBackedUp;
  if (!complete) throw new Error(`the run is not complete: ${JSON.stringify(summary)}`);
}
