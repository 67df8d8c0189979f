import type { LivePhotoHalf } from '../contract.ts';
import { idInKey } from './keys.ts';

/** The two halves of a Live Photo, by Immich's ids, as far as they are there. */
export interface LivePhoto {
  readonly still: string | null;
  readonly motion: string | null;
}

/**
 * Which halves of Live Photos stand in Immich: those that the journals know, and those that this process
 * brought there a moment ago, of which no record may tell yet.
 */
export class LivePhotos {
  readonly #waiting = new Map<string, LivePhoto>();

  /** Both halves, before the one in hand is there. */
  known(half: LivePhotoHalf): LivePhoto {
    const waiting = this.#waiting.get(half.identifier);
    const recorded = half.otherKeys.map(idInKey).find((id) => id !== null) ?? null;
    const isStill = half.half === 'still';
    return {
      still: waiting?.still ?? (isStill ? null : recorded),
      motion: waiting?.motion ?? (isStill ? recorded : null),
    };
  }

  /** The half in hand is there now; both halves, as far as they are known. */
  arrived(half: LivePhotoHalf, id: string): LivePhoto {
    const known = this.known(half);
    const photo = half.half === 'still' ? { ...known, still: id } : { ...known, motion: id };
    if (photo.still === null || photo.motion === null) this.#waiting.set(half.identifier, photo);
    else this.#waiting.delete(half.identifier);
    return photo;
  }
}
