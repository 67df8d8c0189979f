import type { StreamedBody } from '../common/http-client.ts';

/** A form with one file in it (RFC 7578), as the body of a request. */
export interface Form {
  readonly contentType: string;
  /** What goes before and behind the bytes of the file. */
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

/**
 * A form with its fields first and the file at its end, since Immich decides by the fields whether it takes the
 * file.
 * @param file its `name` without characters that a header would need escaped
 * @param boundary random, so that it stands nowhere in the file
 */
export function formAround(
  fields: Readonly<Record<string, string>>,
  file: { readonly field: string; readonly name: string },
  boundary: string,
): Form {
  const parts = Object.entries(fields).map(
    ([name, value]) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const opening = `--${boundary}\r\nContent-Disposition: form-data; name="${file.field}"; filename="${file.name}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    head: Buffer.from(parts.join('') + opening),
    tail: Buffer.from(`\r\n--${boundary}--\r\n`),
  };
}

/** The whole body; a file in memory is sent in one piece with what surrounds it. */
export function bodyOf(form: Form, file: Uint8Array | StreamedBody): Uint8Array | StreamedBody {
  if (!('chunks' in file)) return Buffer.concat([form.head, file, form.tail]);
  return {
    bytes: form.head.length + file.bytes + form.tail.length,
    chunks: surrounded(form, file.chunks),
  };
}

async function* surrounded(
  { head, tail }: Form,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield head;
  yield* chunks;
  yield tail;
}
