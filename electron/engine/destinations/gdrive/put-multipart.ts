import type { Random } from '../../ports/random.ts';
import { readAnswer } from '../common/signed-api.ts';
import { bytesOfSource } from '../common/source-bytes.ts';
import type { ReopenableSource } from '../contract.ts';
import { creationQuery } from './drive-api.ts';
import type { DriveApi } from './drive-api.ts';
import { driveFileSchema, fileFields } from './drive-file.ts';
import type { DriveFile } from './drive-file.ts';
import { mediaType } from './metadata.ts';
import type { NewFile } from './metadata.ts';

/**
 * Name and bytes in one request (RFC 2387), for up to 5 MB
 * (developers.google.com/workspace/drive/api/guides/manage-uploads#multipart).
 */
export async function putMultipart(
  { api, random }: { readonly api: DriveApi; readonly random: Random },
  file: NewFile,
  source: ReopenableSource,
  signal: AbortSignal,
): Promise<DriveFile> {
  const bytes = await bytesOfSource(source, signal);
  const boundary = Buffer.from(random.bytes(16)).toString('hex');
  const head =
    `--${boundary}\r\ncontent-type: application/json; charset=UTF-8\r\n\r\n` +
    `${JSON.stringify(file)}\r\n--${boundary}\r\ncontent-type: ${mediaType(source)}\r\n\r\n`;
  const request = {
    method: 'POST',
    path: `/upload/drive/v3/files?uploadType=multipart&${creationQuery}&fields=${fileFields}`,
    headers: { 'content-type': `multipart/related; boundary=${boundary}` },
    body: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
  return readAnswer(driveFileSchema, await api.send(request, [200, 201], signal));
}
