import { fail } from '../../../../shared/domain/failure.ts';
import type { MetadataTags } from '../../../../shared/domain/metadata-tags.ts';
import { childBoxes, topLevelBoxes } from './boxes.ts';
import { byteSource, latin1, viewOf, type ByteSource } from './byte-source.ts';
import { readExif } from './exif-blocks.ts';
import { readJpeg } from './jpeg-reader.ts';
import { readTiffBlock } from './tiff-reader.ts';

const maxMovieBytes = 16 * 1024 * 1024;
const maxBlockBytes = 8 * 1024 * 1024;
/** The `uuid` box of Canon's CR3 (github.com/lclevy/canon_cr3). */
const canonUuid = '85c0b687820f11e08111f4ce462b6a48';

/** Canon CR3: TIFF blocks `CMT1` (IFD0), `CMT2` (EXIF) and `CMT4` (GPS) in a box of the movie header. */
export async function readCr3(source: ByteSource): Promise<MetadataTags> {
  const moov = topLevelBoxes(source, ['moov'], maxMovieBytes)[0]?.content;
  const canon = childBoxes(moov ?? new Uint8Array(0)).find(
    ({ type, content }) =>
      type === 'uuid' && Buffer.from(content.subarray(0, 16)).toString('hex') === canonUuid,
  );
  if (canon === undefined) throw fail('corrupt', "Canon's metadata box is missing.");
  const blocks = new Map(childBoxes(canon.content, 16).map((box) => [box.type, box.content]));
  const main = blocks.get('CMT1');
  const exif = blocks.get('CMT2');
  const gps = blocks.get('CMT4');
  return {
    ...(gps === undefined ? {} : await readExif(asGpsBlock(gps))),
    ...(exif === undefined ? {} : await readExif(exif)),
    ...(main === undefined ? {} : { ...(await readExif(main)), ...sizeOf(main) }),
  };
}

/** A block whose first directory is the GPS directory, with one before it that says so. */
function asGpsBlock(gps: Uint8Array): Uint8Array {
  const littleEndian = gps[0] === 0x49;
  const block = new Uint8Array(gps.length + 18);
  block.set(gps);
  const view = viewOf(block);
  const directory = view.getUint32(4, littleEndian);
  view.setUint32(4, gps.length, littleEndian);
  view.setUint16(gps.length, 1, littleEndian);
  view.setUint16(gps.length + 2, 0x8825, littleEndian);
  view.setUint16(gps.length + 4, 4, littleEndian);
  view.setUint32(gps.length + 6, 1, littleEndian);
  view.setUint32(gps.length + 10, directory, littleEndian);
  return block;
}

function sizeOf(block: Uint8Array): MetadataTags {
  const view = viewOf(block);
  const littleEndian = block[0] === 0x49;
  const directory = view.getUint32(4, littleEndian);
  const count = view.getUint16(directory, littleEndian);
  const found = new Map<number, number>();
  for (let index = 0; index < count; index += 1) {
    const at = directory + 2 + index * 12;
    if (at + 12 > block.length) break;
    const short = view.getUint16(at + 2, littleEndian) === 3;
    const value = short
      ? view.getUint16(at + 8, littleEndian)
      : view.getUint32(at + 8, littleEndian);
    found.set(view.getUint16(at, littleEndian), value);
  }
  const [width, height] = [found.get(0x0100), found.get(0x0101)];
  return width === undefined || height === undefined ? {} : { width, height };
}

/** Fujifilm RAF: a JPEG preview at a fixed place has the tags; a list of big-endian records has the size. */
export async function readRaf(source: ByteSource): Promise<MetadataTags> {
  const header = viewOf(source.read(0, 108));
  const [jpegAt, jpegLength] = [header.getUint32(84), header.getUint32(88)];
  const [listAt, listLength] = [header.getUint32(92), header.getUint32(96)];
  const tags = await readJpeg(section(source, jpegAt, jpegLength));
  const { width: _width, height: _height, ...others } = tags;
  return { ...others, ...rafSize(source.read(listAt, Math.min(listLength, maxBlockBytes))) };
}

/** Record 0x0100: height and width of the whole sensor picture; 0x0111: of the part that is shown. */
function rafSize(list: Uint8Array): MetadataTags {
  if (list.length < 4) return {};
  const view = viewOf(list);
  const count = Math.min(view.getUint32(0), 256);
  const sizes = new Map<number, MetadataTags>();
  let at = 4;
  for (let record = 0; record < count && at + 8 <= list.length; record += 1) {
    const size = { width: view.getUint16(at + 6), height: view.getUint16(at + 4) };
    sizes.set(view.getUint16(at), size);
    at += 4 + view.getUint16(at + 2);
  }
  return sizes.get(0x0111) ?? sizes.get(0x0100) ?? {};
}

/** Minolta MRW: blocks behind an 8-byte header; `TTW` is a TIFF block, `PRD` has the size. */
export async function readMrw(source: ByteSource): Promise<MetadataTags> {
  const end = 8 + viewOf(source.read(0, 8)).getUint32(4);
  let tags: MetadataTags = {};
  let size: MetadataTags = {};
  let at = 8;
  for (let count = 0; count < 64 && at + 8 <= Math.min(end, source.size); count += 1) {
    const head = source.read(at, 8);
    const [name, length] = [latin1(head, 1, 4), viewOf(head).getUint32(4)];
    if (length > maxBlockBytes) throw fail('corrupt', 'A metadata block is too large to be real.');
    const content = source.read(at + 8, length);
    if (name === 'TTW') tags = await readTiffBlock(content);
    if (name === 'PRD' && content.length >= 16) {
      size = { width: viewOf(content).getUint16(14), height: viewOf(content).getUint16(12) };
    }
    at += 8 + length;
  }
  return { ...tags, ...size };
}

/** A part of a file as a file of its own. */
function section(source: ByteSource, offset: number, length: number): ByteSource {
  const size = Math.max(0, Math.min(length, source.size - offset));
  return byteSource(new Uint8Array(0), size, (at, bytes) => source.read(offset + at, bytes));
}
