/** A form (RFC 7578) as a server reads it. */
export interface ReadForm {
  /** Text fields that came before the file. */
  readonly fields: ReadonlyMap<string, string>;
  /** Null where none came. */
  readonly file: { readonly field: string; readonly name: string; readonly bytes: Buffer } | null;
}

/** Null for what is no form of the content type's boundary, or where a field follows the file. */
export function readForm(contentType: string, body: Buffer): ReadForm | null {
  const [, boundary] =
    /^multipart\/form-data; boundary="?([\w'()+,./:=?-]{1,70})"?$/u.exec(contentType) ?? [];
  if (boundary === undefined) return null;
  const fields = new Map<string, string>();
  let file: ReadForm['file'] = null;
  const opening = Buffer.from(`--${boundary}\r\n`);
  const between = Buffer.from(`\r\n--${boundary}`);
  if (!body.subarray(0, opening.length).equals(opening)) return null;
  for (let at = opening.length; ;) {
    const headEnd = body.indexOf('\r\n\r\n', at);
    const partEnd = body.indexOf(between, headEnd);
    if (headEnd < 0 || partEnd < 0 || file !== null) return null;
    const head = body.toString('utf8', at, headEnd);
    const content = body.subarray(headEnd + 4, partEnd);
    const [, field, name] =
      /^Content-Disposition: form-data; name="([^"]+)"(?:; filename="([^"]*)")?/iu.exec(head) ?? [];
    if (field === undefined) return null;
    if (name === undefined) fields.set(field, content.toString('utf8'));
    else file = { field, name, bytes: Buffer.from(content) };
    const after = partEnd + between.length;
    if (body.toString('latin1', after, after + 2) === '--') return { fields, file };
    at = after + 2;
  }
}
