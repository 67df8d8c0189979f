import type { Channel } from '../../../shared/contract/app/channel.ts';

/** Two ends of a pipe in one process. What goes in comes out as a copy of plain data, in order, never at once. */
export function channelPair(): readonly [Channel, Channel] {
  const left = new End();
  const right = new End();
  left.other = right;
  right.other = left;
  return [left, right];
}

class End implements Channel {
  other: End | null = null;
  readonly #messages = new Set<(message: unknown) => void>();
  readonly #closes = new Set<() => void>();
  #open = true;

  send(message: unknown): void {
    const { other } = this;
    const copy: unknown = structuredClone(message);
    queueMicrotask(() => {
      if (other !== null && other.#open) for (const listener of other.#messages) listener(copy);
    });
  }

  onMessage(listener: (message: unknown) => void): () => void {
    this.#messages.add(listener);
    return () => this.#messages.delete(listener);
  }

  onClose(listener: () => void): () => void {
    this.#closes.add(listener);
    return () => this.#closes.delete(listener);
  }

  close(): void {
    for (const end of [this, this.other]) {
      if (end === null || !end.#open) continue;
      end.#open = false;
      for (const listener of end.#closes) queueMicrotask(listener);
    }
  }
}
