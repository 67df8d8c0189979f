import { deflateSync, crc32 } from 'node:zlib';

/** Small files in the formats under test, built byte by byte. */

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');

/** An ISO base media box. */
export function box(type: string, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + body.length);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, body]);
}

/** A big-endian number of 1, 2 or 4 bytes. */
export function number(value: number, bytes: 1 | 2 | 4 = 4): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}

type TiffValue = string | number | readonly (readonly [number, number])[];

/** A big-endian TIFF block: IFD0 with `main`, an EXIF directory and a GPS directory. */
export function tiffBlock(
  main: Readonly<Record<number, TiffValue>>,
  exif: Readonly<Record<number, TiffValue>> = {},
  gps: Readonly<Record<number, TiffValue>> = {},
): Buffer {
  const directory = (tags: Readonly<Record<number, TiffValue>>, at: number): Buffer => {
    const entries = Object.entries(tags).map(([tag, value]) => [Number(tag), value] as const);
    const valuesAt = at + 2 + entries.length * 12 + 4;
    const head: Buffer[] = [number(entries.length, 2)];
    const values: Buffer[] = [];
    let length = 0;
    for (const [tag, value] of entries.sort(([a], [b]) => a - b)) {
      const { type, count, data } = encode(value);
      head.push(number(tag, 2), number(type, 2), number(count));
      if (data.length <= 4) {
        head.push(Buffer.concat([data, Buffer.alloc(4 - data.length)]));
      } else {
        head.push(number(valuesAt + length));
        values.push(data);
        length += data.length;
      }
    }
    return Buffer.concat([...head, number(0), ...values]);
  };
  const pointers = { 0x8769: 0, 0x8825: 0 };
  const mainLength = directory({ ...main, ...pointers }, 8).length;
  const exifAt = 8 + mainLength;
  const exifBytes = directory(exif, exifAt);
  const gpsAt = exifAt + exifBytes.length;
  return Buffer.concat([
    bytesOf('MM\0*'),
    number(8),
    directory({ ...main, 0x8769: exifAt, 0x8825: gpsAt }, 8),
    exifBytes,
    directory(gps, gpsAt),
  ]);
}

function encode(value: TiffValue): { type: number; count: number; data: Buffer } {
  if (typeof value === 'number') return { type: 4, count: 1, data: number(value) };
  if (typeof value === 'string') {
    const data = Buffer.from(`${value}\0`, 'utf8');
    return { type: 2, count: data.length, data };
  }
  const data = Buffer.concat(value.flatMap(([above, below]) => [number(above), number(below)]));
  return { type: 5, count: value.length, data };
}

/** A JPEG's header: EXIF and XMP segments and a frame of the given size; no picture data. */
export function jpegHeader(parts: {
  readonly exif?: Uint8Array;
  readonly xmp?: string;
  readonly width?: number;
  readonly height?: number;
}): Buffer {
  const segment = (marker: number, content: Uint8Array): Buffer =>
    Buffer.concat([Buffer.of(0xff, marker), number(content.length + 2, 2), content]);
  const { exif, xmp, width = 40, height = 30 } = parts;
  const frame = [Buffer.of(8), number(height, 2), number(width, 2), Buffer.of(1, 1, 0x11, 0)];
  return Buffer.concat([
    Buffer.of(0xff, 0xd8),
    ...(exif === undefined ? [] : [segment(0xe1, Buffer.concat([bytesOf('Exif\0\0'), exif]))]),
    ...(xmp === undefined
      ? []
      : [
          segment(
            0xe1,
            Buffer.concat([bytesOf('http://ns.adobe.com/xap/1.0/\0'), Buffer.from(xmp)]),
          ),
        ]),
    segment(0xc0, Buffer.concat(frame)),
    Buffer.of(0xff, 0xd9),
  ]);
}

/** An XMP packet with one description. */
export function xmpPacket(attributes: string, elements = ''): string {
  return (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
    `<rdf:Description rdf:about="" ${attributes}>${elements}</rdf:Description></rdf:RDF></x:xmpmeta>`
  );
}

/** A PNG that claims a size and holds almost nothing. */
export function pngOfSize(width: number, height: number, rows = Buffer.alloc(64)): Buffer {
  const chunk = (type: string, content: Uint8Array): Buffer => {
    const body = Buffer.concat([bytesOf(type), content]);
    return Buffer.concat([number(content.length), body, number(crc32(body))]);
  };
  const header = Buffer.concat([number(width), number(height), Buffer.of(8, 2, 0, 0, 0)]);
  return Buffer.concat([
    Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A HEIC of one picture: its size, quarter turns against the clock, and an EXIF item. */
export function heic(parts: {
  readonly width: number;
  readonly height: number;
  readonly turns?: number;
  readonly exif?: Uint8Array;
  readonly brands?: number;
}): Buffer {
  const { width, height, turns = 0, exif = Buffer.alloc(0), brands = 2 } = parts;
  const ftyp = box('ftyp', bytesOf('heic'), number(0), bytesOf('mif1heic'.repeat(brands)));
  const exifItem = Buffer.concat([number(0), exif]);
  const item = (id: number, type: string): Buffer =>
    box('infe', number(0x02000000), number(id, 2), number(0, 2), bytesOf(`${type}\0`));
  const meta = (exifAt: number): Buffer =>
    box(
      'meta',
      number(0),
      box('pitm', number(0), number(1, 2)),
      box('iinf', number(0), number(2, 2), item(1, 'hvc1'), item(2, 'Exif')),
      box(
        'iloc',
        number(0),
        number(0x4400, 2),
        number(1, 2),
        number(2, 2),
        number(0, 2),
        number(1, 2),
        number(exifAt),
        number(exifItem.length),
      ),
      box(
        'iprp',
        box(
          'ipco',
          box('ispe', number(0), number(width), number(height)),
          box('irot', Buffer.of(turns)),
        ),
        box('ipma', number(0), number(1), number(1, 2), Buffer.of(2, 1, 2)),
      ),
    );
  const before = ftyp.length + meta(0).length + 8;
  return Buffer.concat([ftyp, meta(before), box('mdat', exifItem)]);
}

/** A QuickTime film: header time, size, and Apple's metadata keys; `moov` behind `mdatBytes` of data. */
export function movie(parts: {
  readonly createdSeconds?: number;
  readonly durationSeconds?: number;
  readonly width?: number;
  readonly height?: number;
  readonly upright?: boolean;
  readonly keys?: Readonly<Record<string, string>>;
  readonly mdatBytes?: number;
}): Buffer {
  const { createdSeconds = 0, durationSeconds = 3, width = 1920, height = 1080 } = parts;
  const fixed = (value: number): Buffer => {
    const buffer = Buffer.alloc(4);
    buffer.writeInt32BE(value * 65_536);
    return buffer;
  };
  const turned = parts.upright === true ? [0, 1, 0, -1, 0, 0] : [1, 0, 0, 0, 1, 0];
  const matrix = [...turned.map(fixed), number(0), number(0), number(0x40000000)];
  const mvhd = box(
    'mvhd',
    number(0),
    number(createdSeconds),
    number(createdSeconds),
    number(600),
    number(durationSeconds * 600),
    Buffer.alloc(80),
  );
  const tkhd = box('tkhd', number(7), Buffer.alloc(36), ...matrix, fixed(width), fixed(height));
  const keys = Object.entries(parts.keys ?? {});
  const meta = box(
    'meta',
    box('hdlr', Buffer.alloc(24)),
    box(
      'keys',
      number(0),
      number(keys.length),
      ...keys.map(([name]) => box('mdta', bytesOf(name))),
    ),
    box(
      'ilst',
      ...keys.map(([, value], index) =>
        box(
          number(index + 1).toString('latin1'),
          box('data', number(1), number(0), Buffer.from(value)),
        ),
      ),
    ),
  );
  return Buffer.concat([
    box('ftyp', bytesOf('qt  '), number(0), bytesOf('qt  ')),
    box('mdat', Buffer.alloc(parts.mdatBytes ?? 16)),
    box('moov', mvhd, box('trak', tkhd), meta),
  ]);
}
