import type { ReopenableSource } from '../contract.ts';
import { markOf } from './drive-file.ts';

/** What Google is told of a file that is going to be made. */
export interface NewFile {
  readonly id: string;
  readonly name: string;
  readonly parents: readonly string[];
  readonly mimeType: string;
  readonly modifiedTime?: string;
  readonly appProperties: Readonly<Record<string, string>>;
}

/** The end of the year 9999, the last that RFC 3339 can write. */
const lastMoment = Date.UTC(10_000, 0, 1) - 1;

export function newFile(
  { id, name, folder }: { readonly id: string; readonly name: string; readonly folder: string },
  source: ReopenableSource,
): NewFile {
  const { modifiedMs } = source;
  const dated = modifiedMs >= 0 && modifiedMs <= lastMoment;
  return {
    ...{ id, name, parents: [folder], mimeType: mediaType(source) },
    // Drive then shows the file's own date.
    ...(dated ? { modifiedTime: new Date(modifiedMs).toISOString() } : {}),
    appProperties: markOf(name),
  };
}

/** Google's own types would make Drive convert the file. */
export function mediaType({ mime }: ReopenableSource): string {
  const proper = /^[\w.+-]{1,60}\/[\w.+-]{1,60}$/u.test(mime) && !mime.includes('google-apps');
  return proper ? mime : 'application/octet-stream';
}
