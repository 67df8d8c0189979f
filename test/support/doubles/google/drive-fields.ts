import type { drive_v3 } from '@googleapis/drive';

import { badRequest } from './api-error.ts';

const fileFields: ReadonlySet<string> = new Set<keyof drive_v3.Schema$File>([
  ...(['kind', 'id', 'name', 'mimeType', 'parents', 'createdTime', 'modifiedTime'] as const),
  ...(['trashed', 'size', 'md5Checksum', 'sha256Checksum', 'headRevisionId'] as const),
  ...(['appProperties', 'explicitlyTrashed', 'webViewLink', 'shortcutDetails'] as const),
  ...(['exportLinks', 'resourceKey'] as const),
]);
const usualFields = 'kind,id,name,mimeType';

/** Only what is asked for (developers.google.com/workspace/drive/api/guides/fields-parameter). */
export function selectedFile(
  file: drive_v3.Schema$File,
  fields: string | null,
): Record<string, unknown> {
  const wanted = namesIn(fields ?? usualFields);
  const unknown = wanted.find((name) => name !== '*' && !fileFields.has(name));
  if (unknown !== undefined) throw badRequest(`Invalid field selection ${unknown}`);
  const all = wanted.includes('*');
  return Object.fromEntries(Object.entries(file).filter(([name]) => all || wanted.includes(name)));
}

/** A page of files, each cut down to what is asked for. */
export function selectedList(
  list: drive_v3.Schema$FileList,
  fields: string | null,
): Record<string, unknown> {
  const text = fields ?? `kind,incompleteSearch,nextPageToken,files(${usualFields})`;
  const [, ofFiles] = /files\(([^)]*)\)/u.exec(text) ?? [];
  const outer = namesIn(text.replace(/\([^)]*\)/gu, ''));
  const known = ['kind', 'nextPageToken', 'incompleteSearch', 'files', '*'];
  const unknown = outer.find((name) => !known.includes(name));
  if (unknown !== undefined) throw badRequest(`Invalid field selection ${unknown}`);
  const files = (list.files ?? []).map((file) => selectedFile(file, ofFiles ?? usualFields));
  return Object.fromEntries(
    Object.entries({ ...list, files }).filter(([name]) => outer.includes(name)),
  );
}

function namesIn(fields: string): string[] {
  return fields.split(',').map((name) => name.trim());
}
