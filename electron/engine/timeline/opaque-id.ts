import { fail } from '../../../shared/domain/failure.ts';

/** The name of an asset, or of a folder as an album, outside of the engine. */
export function opaqueId(id: number): string {
  return id.toString(36);
}

/** The number behind a name; `notFound` for one that names nothing. */
export function idOf(opaque: string): number {
  const id = Number.parseInt(opaque, 36);
  if (Number.isSafeInteger(id) && opaqueId(id) === opaque) return id;
  throw fail('notFound', 'There is no such photo or album.');
}
