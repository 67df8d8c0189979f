import { fail } from '../../../../shared/domain/failure.ts';
import { throwIfCancelled } from '../cancellation.ts';
import { rangeHeader } from '../common/byte-range.ts';
import type { ByteRange } from '../contract.ts';
import type { S3Connection } from './connection.ts';
import { s3ErrorOf } from './s3-failure.ts';

/** The bytes of an object or of a range of it; a connection that ends early is `offline`, never a short read. */
export async function* readObject(
  connection: S3Connection,
  key: string,
  range: ByteRange | null,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  throwIfCancelled(signal);
  if (range?.end !== undefined && range.end <= range.start) return;
  const response = await request(connection, key, range, signal);
  if (response === null) return;
  let received = 0;
  try {
    for await (const chunk of response.body) {
      received += chunk.length;
      yield chunk;
    }
  } catch (error) {
    throwIfCancelled(signal);
    throw connection.translated(error);
  }
  if (response.bytes !== undefined && received !== response.bytes) {
    throw fail('offline', 'The connection ended in the middle of an object.');
  }
}

interface Response {
  readonly body: AsyncIterable<Uint8Array>;
  readonly bytes: number | undefined;
}

/** Null where the range begins at or after the end of the object. */
async function request(
  connection: S3Connection,
  key: string,
  range: ByteRange | null,
  signal: AbortSignal,
): Promise<Response | null> {
  const { bucket, prefix } = connection.settings;
  try {
    const output = await connection.run(
      ({ client, sdk }) =>
        client.send(
          new sdk.GetObjectCommand({
            Bucket: bucket,
            Key: `${prefix}${key}`,
            ...(range === null ? {} : { Range: rangeHeader(range) }),
          }),
          { abortSignal: signal },
        ),
      signal,
    );
    const { Body: body, ContentLength: bytes } = output;
    if (body === undefined || !(Symbol.asyncIterator in body)) {
      throw fail('serverError', 'The server answered without the object.');
    }
    return { body, bytes };
  } catch (error) {
    const cause: unknown = error instanceof Error ? error.cause : undefined;
    if (s3ErrorOf(cause).status === 416) return null;
    throw error;
  }
}
