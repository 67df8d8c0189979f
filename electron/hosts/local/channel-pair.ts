import type { Channel } from '../../../shared/contract/app/channel.ts';

/**
 * Two channels of which each gets what the other is given, within one process. Messages keep their order and
 * arrive after the current work, as over a wire.
 */
export function channelPair(): readonly [Channel, Channel] {
  const one = new End();
  const other = new End();
  one.join(other);
  other.join(one);
  return [one, other];
}

class End implements Channel {
  readonly #listeners = new Set<(message: unknown) => void>();
  readonly #closeListeners = new Set<() => void>();
  #other: End | null = null;
  #closed = false;

  join(other: End): void {
    this.#other = other;
  }

  send(message: unknown): void {
    if (this.#closed) return;
    const copy: unknown = structuredClone(message);
    queueMicrotask(() => {
      this.#other?.take(copy);
    });
  }

  onMessage(listener: (message: unknown) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  onClose(listener: () => void): () => void {
    if (this.#closed) listener();
    else this.#closeListeners.add(listener);
    return () => {
      this.#closeListeners.delete(listener);
    };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    queueMicrotask(() => {
      for (const listener of this.#closeListeners) listener();
      this.#other?.close();
    });
  }

  take(message: unknown): void {
    if (this.#closed) return;
    for (const listener of this.#listeners) listener(message);
  }
}
