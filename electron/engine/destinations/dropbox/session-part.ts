import { contentHashOf } from './content-hash.ts';

/** Bytes of a file that an upload session is to have next. */
export interface Part {
  /** Where in the file they begin. */
  readonly start: number;
  readonly body: Uint8Array;
  /** Content hash of these bytes alone. */
  readonly hash: string;
}

export function endOf({ start, body }: Part): number {
  return start + body.length;
}

/** What of a part comes after `offset`, which is not before its start. */
export function remainder(part: Part, offset: number): Part {
  if (offset === part.start) return part;
  const body = part.body.subarray(offset - part.start);
  return { start: offset, body, hash: contentHashOf(body) };
}
