import type { Failure } from '../../domain/failure.ts';

/**
 * A two-way pipe for plain data between a window and the engine: a MessagePort in Electron, a WebSocket in
 * a browser, an array in a test. Messages keep their order; what arrives is parsed before it is believed.
 */
export interface Channel {
  send(message: unknown): void;
  /** Calls back for every message from the other side, until the returned function is called. */
  onMessage(listener: (message: unknown) => void): () => void;
  /** Calls back once, when the other side is gone. */
  onClose(listener: () => void): () => void;
  close(): void;
}

/** From a window to the engine. */
export type ClientMessage =
  | {
      readonly type: 'request';
      readonly id: number;
      readonly method: string;
      readonly params: unknown;
    }
  /** The window does not want the answer any more; the engine stops the work behind it. */
  | { readonly type: 'cancel'; readonly id: number };

/** From the engine to a window. */
export type ServerMessage =
  | { readonly type: 'result'; readonly id: number; readonly result: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly failure: Failure }
  | { readonly type: 'event'; readonly name: string; readonly data: unknown };
