import type { Asset } from '../../../engine/catalog/assets.ts';
import type { Catalog } from '../../../engine/catalog/catalog.ts';
import { below } from '../../../engine/scan/roots.ts';
import type { Context } from '../context.ts';
import { readCatalogue } from '../session/catalogue.ts';
import { padTo } from '../terminal/width.ts';
import type { Messages } from '../text/messages.ts';

const pageSize = 500;

/** A line of `list --json`. */
export interface ListedAsset {
  readonly hash: string;
  /** Wall time, with the offset only where it is known. */
  readonly capturedAt: string;
  readonly capturedAtSource: string;
  readonly paths: readonly string[];
  readonly bytes: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly type: string;
  readonly destinations: Readonly<Record<string, string>>;
}

/** `cloudroll list`: every photo and video, newest first. */
export async function listCommand(context: Context): Promise<number> {
  const { output, messages, signal } = context;
  using catalogue = await readCatalogue(context);
  let photos = 0;
  for (const asset of assetsOf(catalogue.catalog)) {
    signal.throwIfAborted();
    if (photos === 0) output.line(tableHead(messages), 'strong');
    photos += 1;
    const listed = listedAsset(asset, catalogue.catalog);
    output.data(listed);
    output.line(tableRow(listed, messages));
    await output.drained();
  }
  if (photos === 0) output.line(messages.list.nothing());
  output.data({ event: 'summary', photos });
  return 0;
}

function* assetsOf(catalog: Catalog): Generator<Asset, void> {
  let before: { wall: string; id: number } | null = null;
  for (;;) {
    const page: Asset[] = catalog.totals.timeline(before, pageSize);
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    before = { wall: last.description.captured.wall, id: last.id };
  }
}

function listedAsset(asset: Asset, catalog: Catalog): ListedAsset {
  const { captured, width, height, type } = asset.description;
  return {
    hash: asset.hash,
    capturedAt: `${captured.wall}${captured.offset ?? ''}`,
    capturedAtSource: captured.source,
    paths: catalog.files.locationsOf(asset.id).map(({ rootPath, path }) => below(rootPath, path)),
    bytes: asset.bytes,
    width,
    height,
    type: type.mime,
    destinations: catalog.totals.standing(asset.id),
  };
}

const widths = [19, 11, 10] as const;

function tableHead({ list }: Messages): string {
  const [taken, size, bytes, where, file] = list.columns;
  return [
    padTo(taken, widths[0]),
    padTo(size, widths[1]),
    padTo(bytes, widths[2], 'start'),
    file,
    where,
  ].join('  ');
}

function tableRow(asset: ListedAsset, messages: Messages): string {
  const { width, height, bytes, capturedAt, paths, destinations } = asset;
  const size = width === null || height === null ? '' : `${String(width)}×${String(height)}`;
  const where = Object.entries(destinations)
    .map(([name, state]) => `${state === 'verified' ? '✓' : '·'} ${name}`)
    .join(', ');
  return [
    padTo(capturedAt.slice(0, 19).replace('T', ' '), widths[0]),
    padTo(size, widths[1]),
    padTo(messages.numbers.bytes(bytes), widths[2], 'start'),
    paths[0] ?? `(${asset.hash.slice(0, 12)})`,
    where,
  ].join('  ');
}
