import { randomUUID } from 'node:crypto';

import type { UploadSession } from '@microsoft/microsoft-graph-types';

import type { ConflictBehavior, DriveStore, StoredItem } from './drive-store.ts';
import { json, Refused } from './wire.ts';
import type { GraphRequest, Reply } from './wire.ts';

const fragmentUnit = 327_680;
const largestRequest = 60 * 1024 * 1024;
const lifeMs = 3 * 24 * 3600 * 1000;

interface Session {
  readonly parent: StoredItem;
  readonly name: string;
  readonly behavior: ConflictBehavior;
  readonly fileSize: number | undefined;
  readonly modified: string | undefined;
  readonly secret: string;
  expiresMs: number;
  total: number | undefined;
  fragments: Buffer[];
  received: number;
}

/** Begun uploads, as learn.microsoft.com/graph/api/driveitem-createuploadsession describes them. */
export class UploadSessions {
  readonly #store: DriveStore;
  readonly #describe: (item: StoredItem) => unknown;
  readonly #sessions = new Map<string, Session>();

  constructor(store: DriveStore, describe: (item: StoredItem) => unknown) {
    this.#store = store;
    this.#describe = describe;
  }

  get count(): number {
    return this.#sessions.size;
  }

  expire(): void {
    this.#sessions.clear();
  }

  begin(
    parent: StoredItem,
    name: string,
    wish: {
      readonly behavior: ConflictBehavior;
      readonly fileSize: number | undefined;
      readonly modified: string | undefined;
    },
    origin: string,
  ): UploadSession {
    this.#store.requireWritable(parent, name, wish.fileSize ?? 0);
    if (wish.behavior === 'fail' && this.#store.find(parent, [name]) !== undefined) {
      throw new Refused(409, 'nameAlreadyExists');
    }
    const id = randomUUID();
    const secret = randomUUID();
    const expiresMs = Date.now() + lifeMs;
    this.#sessions.set(id, {
      ...{ parent, name, ...wish, secret, expiresMs },
      ...{ total: undefined, fragments: [], received: 0 },
    });
    return {
      uploadUrl: `${origin}/up/${id}?tempauth=${secret}`,
      expirationDateTime: new Date(expiresMs).toISOString(),
      nextExpectedRanges: ['0-'],
    };
  }

  /** A request to the address of a session. */
  handle({ method, path, query, headers, body }: GraphRequest): Reply {
    const id = path.slice('/up/'.length);
    const session = this.#sessions.get(id);
    // Its address is the permission; the token of the account has no business there.
    if (headers.authorization !== undefined && this.#store.moods.refusesToken) {
      throw new Refused(401, 'unauthenticated');
    }
    const secret = query.get('tempauth') ?? '';
    if (session?.secret !== secret) {
      throw new Refused(404, 'itemNotFound');
    }
    if (method === 'GET') return json(200, statusOf(session));
    if (method === 'DELETE') {
      this.#sessions.delete(id);
      return { status: 204 };
    }
    if (method !== 'PUT') throw new Refused(405, 'notAllowed');
    if (headers['content-length'] === undefined) throw new Refused(411, 'invalidRequest');
    const [, first, last, whole] =
      /^bytes (\d+)-(\d+)\/(\d+)$/u.exec(headers['content-range'] ?? '') ?? [];
    const start = Number(first);
    const end = Number(last) + 1;
    const total = Number(whole);
    if (first === undefined || end - start !== body.length || end > total) {
      throw new Refused(400, 'invalidRequest');
    }
    if (body.length >= largestRequest) throw new Refused(413, 'requestEntityTooLarge');
    if (total !== (session.total ?? session.fileSize ?? total)) {
      throw new Refused(400, 'invalidRequest');
    }
    if (start !== session.received) throw new Refused(416, 'invalidRange');
    if (end < total && body.length % fragmentUnit !== 0) throw new Refused(400, 'invalidRequest');
    session.total = total;
    session.expiresMs = Date.now() + lifeMs;
    if (end < total) {
      session.fragments.push(body);
      session.received = end;
      return json(202, statusOf(session));
    }
    return this.#complete(id, session, body);
  }

  /** The file is made with its last byte; where that fails, the session stays as it was before. */
  #complete(id: string, session: Session, last: Buffer): Reply {
    const { parent, name, behavior, modified, fragments } = session;
    const bytes = Buffer.concat([...fragments, last]);
    const { item, created } = this.#store.writeFile(parent, name, bytes, behavior, modified);
    this.#sessions.delete(id);
    return json(created ? 201 : 200, this.#describe(item));
  }
}

function statusOf({ expiresMs, received, total }: Session): UploadSession {
  return {
    expirationDateTime: new Date(expiresMs).toISOString(),
    nextExpectedRanges: [`${String(received)}-${total === undefined ? '' : String(total - 1)}`],
  };
}
