import { randomBytes } from 'node:crypto';

import { Refused } from './wire.ts';

interface Session {
  readonly parts: Buffer[];
  length: number;
  closed: boolean;
}

export interface SessionCursor {
  readonly session_id: string;
  readonly offset: number;
}

/** Upload sessions of the kind `sequential`; they refuse with an `UploadSessionLookupError`. */
export class DropboxSessions {
  readonly #sessions = new Map<string, Session>();

  /** Ids of the sessions that are not closed. */
  get open(): readonly string[] {
    return [...this.#sessions].filter(([, { closed }]) => !closed).map(([id]) => id);
  }

  /** Bytes that a session has; 0 for none. */
  lengthOf(id: string): number {
    return this.#sessions.get(id)?.length ?? 0;
  }

  /** As after a week. */
  expire(): void {
    this.#sessions.clear();
  }

  start(body: Buffer, close: boolean): string {
    const id = `pid_upload_session:${randomBytes(24).toString('base64url')}`;
    this.#sessions.set(id, { parts: [body], length: body.length, closed: close });
    return id;
  }

  append({ session_id: id, offset }: SessionCursor, body: Buffer, close: boolean): void {
    const session = this.#at(id, offset);
    if (session.closed) throw new Refused({ '.tag': 'closed' });
    session.parts.push(body);
    session.length += body.length;
    session.closed = close;
  }

  /** All bytes; the session stays until the file is made. */
  content({ session_id: id, offset }: SessionCursor, body: Buffer): Buffer {
    const session = this.#at(id, offset);
    if (session.closed && body.length > 0) throw new Refused({ '.tag': 'closed' });
    session.parts.push(body);
    session.length += body.length;
    return Buffer.concat(session.parts);
  }

  /** All bytes of one that nothing more can be added to. */
  closedContent({ session_id: id, offset }: SessionCursor): Buffer {
    const { closed, parts } = this.#at(id, offset);
    if (!closed) throw new Refused({ '.tag': 'not_closed' });
    return Buffer.concat(parts);
  }

  end(id: string): void {
    this.#sessions.delete(id);
  }

  #at(id: string, offset: number): Session {
    const session = this.#sessions.get(id);
    if (session === undefined) throw new Refused({ '.tag': 'not_found' });
    if (session.length !== offset) {
      throw new Refused({ '.tag': 'incorrect_offset', correct_offset: session.length });
    }
    return session;
  }
}
