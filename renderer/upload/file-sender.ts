/** Files that are sent at once. */
const AT_ONCE = 3;

interface Sending {
  readonly file: File;
  readonly address: string;
  /** 0 to 1. */
  share: number;
  state: 'waiting' | 'sending' | 'sent' | 'failed';
  request: XMLHttpRequest | null;
  /** Address of the picture in the file, while there is none of the engine. */
  picture: string | null;
}

/**
 * Sends the bytes of files to the host, a few at once, also while another view is shown. Knows files by batch
 * and item until they are released.
 */
export class FileSender {
  readonly #files = new Map<string, Sending>();
  readonly #queue: string[] = [];
  readonly #listeners = new Set<() => void>();
  #running = 0;
  #version = 0;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Changes whenever anything else here does. */
  readonly version = (): number => this.#version;

  /** Whether bytes are on their way that only this window has. */
  get busy(): boolean {
    return this.#running > 0 || this.#queue.length > 0;
  }

  send(batch: string, item: string, file: File, address: string): void {
    const key = keyOf(batch, item);
    const picture = file.type.startsWith('image/') ? URL.createObjectURL(file) : null;
    this.#files.set(key, { file, address, share: 0, state: 'waiting', request: null, picture });
    this.#queue.push(key);
    this.#pump();
  }

  /** Sends an item again whose bytes did not arrive; false where they did or are not known here. */
  again(batch: string, item: string): boolean {
    const key = keyOf(batch, item);
    const sending = this.#files.get(key);
    if (sending?.state !== 'failed') return false;
    sending.state = 'waiting';
    sending.share = 0;
    this.#queue.push(key);
    this.#pump();
    return true;
  }

  /** Whether the bytes of an item did not arrive. */
  failed(batch: string, item: string): boolean {
    return this.#files.get(keyOf(batch, item))?.state === 'failed';
  }

  /** How much of an item has been sent, 0 to 1; null where it is not sent by this window. */
  share(batch: string, item: string): number | null {
    return this.#files.get(keyOf(batch, item))?.share ?? null;
  }

  picture(batch: string, item: string): string | null {
    return this.#files.get(keyOf(batch, item))?.picture ?? null;
  }

  /** Stops sending an item, or all of a batch, and forgets it. */
  release(batch: string, item: string | null): void {
    for (const [key, sending] of this.#files) {
      if (item === null ? !key.startsWith(`${batch}\n`) : key !== keyOf(batch, item)) continue;
      this.#files.delete(key);
      sending.request?.abort();
      if (sending.picture !== null) URL.revokeObjectURL(sending.picture);
    }
    this.#changed();
  }

  #pump(): void {
    while (this.#running < AT_ONCE) {
      const key = this.#queue.shift();
      if (key === undefined) break;
      const sending = this.#files.get(key);
      if (sending !== undefined) this.#start(sending);
    }
    this.#changed();
  }

  #start(sending: Sending): void {
    // `fetch` tells nothing of what was sent so far.
    const request = new XMLHttpRequest();
    sending.request = request;
    sending.state = 'sending';
    this.#running++;
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      sending.share = total === 0 ? 1 : loaded / total;
      this.#changed();
    });
    request.addEventListener('loadend', () => {
      const arrived = request.status >= 200 && request.status < 300;
      sending.state = arrived ? 'sent' : 'failed';
      sending.share = arrived ? 1 : 0;
      sending.request = null;
      this.#running--;
      this.#pump();
    });
    request.open('PUT', sending.address);
    request.send(sending.file);
  }

  #changed(): void {
    this.#version++;
    for (const listener of this.#listeners) listener();
  }
}

function keyOf(batch: string, item: string): string {
  return `${batch}\n${item}`;
}
