import type {
  ListMultipartUploadsCommandOutput,
  MultipartUpload as Listed,
} from '@aws-sdk/client-s3';

import { fail } from '../../../../shared/domain/failure.ts';
import type { UnfinishedUpload } from '../contract.ts';
import type { S3Connection } from './connection.ts';
import type { MultipartApi } from './multipart-api.ts';

/** Ends the multipart uploads below the destination's prefix of which `isAbandoned` says so; gives how many. */
export async function endUploads(
  connection: S3Connection,
  api: MultipartApi,
  isAbandoned: (upload: UnfinishedUpload) => Promise<boolean>,
  signal: AbortSignal,
): Promise<number> {
  const { prefix } = connection.settings;
  const abandoned: { readonly key: string; readonly uploadId: string }[] = [];
  for await (const { Key, UploadId: uploadId, Initiated } of listUploads(connection, signal)) {
    if (Key?.startsWith(prefix) !== true || uploadId === undefined || Initiated === undefined) {
      continue;
    }
    const upload = { key: Key.slice(prefix.length), uploadId };
    const beganMs = Initiated.getTime();
    // The parts tell whether somebody went on with it; only of an old one are they asked for.
    if (!(await isAbandoned({ key: upload.key, activeMs: beganMs }))) continue;
    const parts = [...((await api.parts(upload, signal))?.values() ?? [])];
    const times = parts.map(
      ({ LastModified }) => LastModified?.getTime() ?? Number.POSITIVE_INFINITY,
    );
    const activeMs = Math.max(beganMs, ...times);
    if (await isAbandoned({ key: upload.key, activeMs })) abandoned.push(upload);
  }
  for (const upload of abandoned) await api.abort(upload, signal);
  return abandoned.length;
}

interface Markers {
  readonly KeyMarker?: string;
  readonly UploadIdMarker?: string;
}

function listPage(
  connection: S3Connection,
  from: Markers,
  signal: AbortSignal,
): Promise<ListMultipartUploadsCommandOutput> {
  const { bucket, prefix } = connection.settings;
  return connection.run(
    ({ client, sdk }) =>
      client.send(
        new sdk.ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix, ...from }),
        { abortSignal: signal },
      ),
    signal,
  );
}

async function* listUploads(connection: S3Connection, signal: AbortSignal): AsyncGenerator<Listed> {
  let from: Markers = {};
  for (;;) {
    const page = await listPage(connection, from, signal);
    yield* page.Uploads ?? [];
    if (page.IsTruncated !== true) return;
    if (page.NextKeyMarker === undefined) {
      throw fail('serverError', 'The server cut its list of unfinished uploads short.');
    }
    from = {
      KeyMarker: page.NextKeyMarker,
      ...(page.NextUploadIdMarker === undefined ? {} : { UploadIdMarker: page.NextUploadIdMarker }),
    };
  }
}
