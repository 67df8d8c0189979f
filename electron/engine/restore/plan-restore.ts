import type { ContentHash } from '../../../shared/domain/asset.ts';
import { localName, localPath, remarked } from './local-name.ts';
import type { NamePlatform } from './local-name.ts';

/** Where a device has, or had, an asset. */
export interface RestorableLocation {
  readonly device: string;
  readonly deviceName: string;
  readonly root: string;
  readonly rootName: string;
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
  /** False for a file that was deleted or edited since. */
  readonly present: boolean;
  /** Hybrid logical time at which it was last seen there. */
  readonly at: string;
}

/** An asset as the journals tell. */
export interface RestorableAsset {
  readonly hash: ContentHash;
  readonly bytes: number;
  /** Where its bytes should be at the destination, best first. */
  readonly keys: readonly string[];
  readonly locations: readonly RestorableLocation[];
}

/** A file to make, below the folder that is restored into. */
export interface RestoreTarget {
  /** `/`-separated, every part a name that the platform can hold. */
  readonly path: string;
  /** Milliseconds since 1970; null where none is known. */
  readonly modifiedMs: number | null;
}

/** One content and all files to make of it. */
export interface RestoreItem {
  /** The whole SHA-256, or its first digits where only the key tells it. */
  readonly hash: string;
  readonly bytes: number;
  readonly keys: readonly string[];
  readonly targets: readonly RestoreTarget[];
}

/** Folder for what no journal places: objects of lost journals, and assets without any path. */
export const recoveredFolder = 'Recovered';

export interface PlanOptions {
  readonly platform: NamePlatform;
}

/**
 * Decides where everything goes: `<folder's name>/<path>`. The same path with the same content is one file.
 * Of different contents at one path the one seen last keeps the name, the others get the device's name or
 * the first digits of the hash before the extension. A content that stands nowhere any more (deleted, or an
 * older version of an edited photo) comes back at its last known path; one without any path in `Recovered`.
 * Every asset has at least one target, no two targets are one file, and none is outside of the folder.
 *
 * @param assets gone through twice.
 */
export function* planRestore(
  assets: Iterable<RestorableAsset>,
  options: PlanOptions,
): Generator<RestoreItem> {
  const plan = new PathPlan(options.platform);
  for (const asset of assets) {
    for (const claim of claimsOf(asset, options.platform)) plan.claim(claim);
  }
  plan.settle();
  for (const asset of assets) {
    const claims = claimsOf(asset, options.platform);
    const targets = plan.targetsOf(asset.hash, claims);
    yield { hash: asset.hash, bytes: asset.bytes, keys: asset.keys, targets };
  }
}

/** A wish for a path. */
interface Claim {
  readonly hash: string;
  readonly path: string;
  readonly present: boolean;
  readonly at: string;
  readonly deviceName: string;
  readonly modifiedMs: number | null;
}

/** The present places of an asset, else its last known one, else one made from its key. */
function claimsOf(asset: RestorableAsset, platform: NamePlatform): Claim[] {
  const present = asset.locations.filter((location) => location.present);
  const last = asset.locations.reduce<RestorableLocation | undefined>(
    (latest, location) => (latest === undefined || location.at > latest.at ? location : latest),
    undefined,
  );
  const places = present.length > 0 || last === undefined ? present : [last];
  const claims = places.map((place) => ({
    hash: asset.hash,
    path: `${localName(place.rootName, platform)}/${localPath(place.path, platform) || 'unnamed'}`,
    present: place.present,
    at: place.at,
    deviceName: place.deviceName,
    modifiedMs: place.modifiedMs,
  }));
  return claims.length > 0 ? claims : [unplaced(asset, platform)];
}

function unplaced(asset: RestorableAsset, platform: NamePlatform): Claim {
  const path = localPath(asset.keys[0] ?? asset.hash, platform);
  return {
    hash: asset.hash,
    path: `${recoveredFolder}/${path}`,
    present: false,
    at: '',
    deviceName: '',
    modifiedMs: null,
  };
}

/** Who gets which path. */
class PathPlan {
  readonly #platform: NamePlatform;
  /** Folded path → the claim that keeps it. */
  readonly #winners = new Map<string, Claim>();
  readonly #folders = new Set<string>();
  readonly #losers: Claim[] = [];
  /** Claims that got another path. */
  readonly #moved = new Map<string, RestoreTarget[]>();

  constructor(platform: NamePlatform) {
    this.#platform = platform;
  }

  claim(claim: Claim): void {
    const folded = this.#fold(claim.path);
    this.#addFolders(folded);
    const holder = this.#winners.get(folded);
    if (holder === undefined) {
      this.#winners.set(folded, claim);
      return;
    }
    const [winner, loser] = compareClaims(claim, holder) < 0 ? [claim, holder] : [holder, claim];
    this.#winners.set(folded, winner);
    if (loser.hash !== winner.hash) this.#losers.push(loser);
  }

  /** Finds other names for the claims that did not get theirs; in an order that does not depend on the input's. */
  settle(): void {
    for (const [folded, claim] of this.#winners) {
      if (!this.#folders.has(folded)) continue;
      this.#winners.delete(folded);
      this.#losers.push(claim);
    }
    this.#losers.sort((a, b) => compareText(a.path, b.path) || compareClaims(a, b));
    const settled = new Set<string>();
    for (const loser of this.#losers) {
      const folded = this.#fold(loser.path);
      const wish = `${loser.hash} ${folded}`;
      // The same content at the same path is one file, whether another device's claim won or was moved.
      if (this.#winners.get(folded)?.hash === loser.hash || settled.has(wish)) continue;
      settled.add(wish);
      this.#move(loser);
    }
    this.#losers.length = 0;
  }

  /** The files of an asset, each path once. */
  targetsOf(hash: string, claims: readonly Claim[]): RestoreTarget[] {
    const targets = [...(this.#moved.get(hash) ?? [])];
    const seen = new Set<string>();
    for (const claim of claims) {
      const folded = this.#fold(claim.path);
      const winner = this.#winners.get(folded);
      if (winner?.hash !== hash || seen.has(folded)) continue;
      seen.add(folded);
      targets.push({ path: winner.path, modifiedMs: winner.modifiedMs });
    }
    return targets;
  }

  #move(claim: Claim): void {
    const winner = this.#winners.get(this.#fold(claim.path));
    for (const path of alternatives(claim, winner, this.#platform)) {
      const folded = this.#fold(path);
      if (this.#folders.has(folded)) continue;
      const holder = this.#winners.get(folded);
      if (holder?.hash === claim.hash) return;
      if (holder !== undefined) continue;
      this.#winners.set(folded, { ...claim, path });
      const moved = this.#moved.get(claim.hash) ?? [];
      moved.push({ path, modifiedMs: claim.modifiedMs });
      this.#moved.set(claim.hash, moved);
      return;
    }
  }

  #addFolders(folded: string): void {
    for (let end = folded.lastIndexOf('/'); end > 0; end = folded.lastIndexOf('/', end - 1)) {
      const folder = folded.slice(0, end);
      if (this.#folders.has(folder)) return;
      this.#folders.add(folder);
    }
  }

  /** Two paths are one file on this platform exactly when this is equal. */
  #fold(path: string): string {
    return this.#platform === 'linux' ? path : path.normalize('NFC').toLowerCase();
  }
}

/** Other paths for a claim, best first, without end: the last one counts up. */
function* alternatives(
  claim: Claim,
  winner: Claim | undefined,
  platform: NamePlatform,
): Generator<string> {
  const slash = claim.path.lastIndexOf('/') + 1;
  const folder = claim.path.slice(0, slash);
  const name = claim.path.slice(slash);
  const { deviceName, hash } = claim;
  if (claim.present && deviceName !== '' && deviceName !== winner?.deviceName) {
    yield `${folder}${remarked(name, deviceName, platform)}`;
  }
  yield `${folder}${remarked(name, hash.slice(0, 8), platform)}`;
  yield `${folder}${remarked(name, hash, platform)}`;
  for (let count = 2; ; count += 1) {
    yield `${folder}${remarked(name, `${hash} ${String(count)}`, platform)}`;
  }
}

/** Negative when `a` has the better right: present before gone, later before earlier. */
function compareClaims(a: Claim, b: Claim): number {
  return (
    Number(b.present) - Number(a.present) || compareText(b.at, a.at) || compareText(a.hash, b.hash)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
