/** Milliseconds that a picture may take to come before something stands in for it. */
const PATIENCE = 120;

interface Waiting {
  readonly since: number;
  readonly onLate: () => void;
  late: boolean;
}

/**
 * Shows the pictures of tiles as they come: all of a frame together, because each change has what is around
 * it drawn again. Marks them with `data-loaded`, straight at the element, because a state would draw the tile
 * again just for that; its value is `late` where the picture was missed and is to fade in.
 */
export class PictureQueue {
  #moving = false;
  /** In the order of their beginning. */
  readonly #waiting = new Map<HTMLImageElement, Waiting>();
  readonly #ready = new Set<HTMLImageElement>();
  #isShowing = false;
  #isPatient = false;

  /**
   * Shows the picture once it is loaded. `onLate` is called, once at most, when that takes long enough to be
   * seen or does not work out. The returned function ends it and lets go of what is still being loaded.
   */
  watch(image: HTMLImageElement, onLate: () => void): () => void {
    const onLoad = (): void => {
      this.#ready.add(image);
      if (this.#isShowing) return;
      this.#isShowing = true;
      requestAnimationFrame(this.#show);
    };
    const onError = (): void => {
      this.#waiting.delete(image);
      onLate();
    };
    this.#waiting.set(image, { since: performance.now(), onLate, late: false });
    if (!this.#isPatient) this.#wait(PATIENCE);
    image.addEventListener('load', onLoad);
    image.addEventListener('error', onError);
    if (image.complete && image.naturalWidth > 0) onLoad();
    return () => {
      image.removeEventListener('load', onLoad);
      image.removeEventListener('error', onError);
      this.#ready.delete(image);
      if (!this.#waiting.delete(image) || image.complete) return;
      queueMicrotask(() => {
        if (!image.isConnected) image.removeAttribute('src');
      });
    };
  }

  /** Nothing fades while it moves: each picture would be a layer of its own for as long as it fades. */
  setMoving(moving: boolean): void {
    this.#moving = moving;
  }

  #wait(ms: number): void {
    this.#isPatient = true;
    window.setTimeout(this.#standIn, ms);
  }

  readonly #show = (): void => {
    this.#isShowing = false;
    for (const image of this.#ready) {
      const late = this.#waiting.get(image)?.late === true;
      this.#waiting.delete(image);
      image.dataset['loaded'] = late && !this.#moving ? 'late' : '';
    }
    this.#ready.clear();
  };

  /** All at once, so that the tiles are drawn again together. */
  readonly #standIn = (): void => {
    this.#isPatient = false;
    const now = performance.now();
    for (const [image, waiting] of this.#waiting) {
      if (waiting.late || this.#ready.has(image)) continue;
      const left = waiting.since + PATIENCE - now;
      if (left > 1) {
        this.#wait(left);
        return;
      }
      waiting.late = true;
      waiting.onLate();
    }
  };
}
