import { z } from 'zod';

import { fail } from '../../../../shared/domain/failure.ts';
import type { HttpReply } from '../common/http-client.ts';
import { readAnswer } from '../common/signed-api.ts';
import type { ReopenableSource } from '../contract.ts';
import { itemSchema, pathIn } from './drive-items.ts';
import type { DriveItem, DrivePath } from './drive-items.ts';
import type { GivenAddress, GraphApi } from './graph-api.ts';

/** Fragments have to be multiples of this, but for the last one. */
export const fragmentUnit = 327_680;

const statusSchema = z.object({
  expirationDateTime: z.string().max(40).nullish(),
  nextExpectedRanges: z.array(z.string().max(60)).max(100_000).nullish(),
});
type SessionStatus = z.infer<typeof statusSchema>;
const startedSchema = statusSchema.extend({ uploadUrl: z.string().max(8192) });

/** What OneDrive answers where it has ended or forgotten a session. */
const gone: readonly number[] = [401, 403, 404, 410];

/** The session is no more: what it had is lost, and the upload begins again. */
export const sessionGone = Symbol('The upload session is gone.');

/** Where a session goes on, or the file that it has become. */
export type Taken =
  | { readonly next: number; readonly item: null }
  | { readonly next: null; readonly item: DriveItem };

/** An upload session of OneDrive (learn.microsoft.com/graph/api/driveitem-createuploadsession). */
export class UploadSession {
  readonly address: string;
  #expiresMs: number;
  readonly #api: GraphApi;
  readonly #given: GivenAddress;

  /** @param address as the server gave it; a hostile one is a `serverError` */
  constructor(api: GraphApi, address: string, expiresMs: number) {
    this.#api = api;
    this.#given = api.givenAddress(address);
    this.address = address;
    this.#expiresMs = expiresMs;
  }

  /** Milliseconds since 1970; each fragment moves it on. */
  get expiresMs(): number {
    return this.#expiresMs;
  }

  /** A new one; `conflict` where the name is taken already. */
  static async begin(
    api: GraphApi,
    path: DrivePath,
    source: ReopenableSource,
    signal: AbortSignal,
  ): Promise<UploadSession> {
    const item = {
      '@microsoft.graph.conflictBehavior': 'fail',
      fileSize: source.bytes,
      fileSystemInfo: { lastModifiedDateTime: new Date(source.modifiedMs).toISOString() },
    };
    const request = {
      method: 'POST',
      path: pathIn(path, 'createUploadSession'),
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify({ item })),
    };
    const started = await api.json(startedSchema, request, [200], signal);
    const expiresMs = endOf(started) ?? api.clock.now() + shortestLifeMs;
    return new UploadSession(api, started.uploadUrl, expiresMs);
  }

  /** Where the session goes on; {@link sessionGone} where it is no more. */
  async ask(signal: AbortSignal): Promise<number | typeof sessionGone> {
    const request = { method: 'GET' };
    const reply = await this.#api.sendTo(this.#given, request, [200, ...gone], signal);
    if (reply.status !== 200) return discarded(reply);
    return this.#heed(await readAnswer(statusSchema, reply));
  }

  /**
   * Sends a fragment. A conflict with a file that came in between shows with the last one.
   * @param total bytes of the whole file
   */
  async send(
    body: Uint8Array,
    start: number,
    total: number,
    signal: AbortSignal,
  ): Promise<Taken | typeof sessionGone> {
    const range = `bytes ${String(start)}-${String(start + body.length - 1)}/${String(total)}`;
    const request = {
      method: 'PUT',
      headers: { 'content-range': range, 'content-type': 'application/octet-stream' },
      body,
    };
    const statuses = [200, 201, 202, 416, ...gone];
    const reply = await this.#api.sendTo(this.#given, request, statuses, signal);
    if (gone.includes(reply.status)) return discarded(reply);
    if (reply.status === 202) {
      return { next: this.#heed(await readAnswer(statusSchema, reply)), item: null };
    }
    if (reply.status !== 416) return { next: null, item: await readAnswer(itemSchema, reply) };
    // It has this fragment already, or lacks an earlier one.
    await reply.discard().catch(() => undefined);
    const next = await this.ask(signal);
    return next === sessionGone ? next : { next, item: null };
  }

  /** Ends it; what it had is dropped. */
  async cancel(signal: AbortSignal): Promise<void> {
    const request = { method: 'DELETE' };
    const reply = await this.#api.sendTo(this.#given, request, [200, 204, ...gone], signal);
    await reply.discard().catch(() => undefined);
  }

  #heed(status: SessionStatus): number {
    this.#expiresMs = endOf(status) ?? this.#expiresMs;
    return startIn(status);
  }
}

/** Where none is told; the shortest that has been seen is a quarter of an hour. */
const shortestLifeMs = 15 * 60 * 1000;

function endOf({ expirationDateTime }: SessionStatus): number | undefined {
  const end = Date.parse(expirationDateTime ?? '');
  return Number.isNaN(end) ? undefined : end;
}

/** The first byte that is missing. */
function startIn({ nextExpectedRanges }: SessionStatus): number {
  const starts = (nextExpectedRanges ?? []).map(
    (range) => /^(\d{1,15})-\d{0,15}$/u.exec(range)?.[1],
  );
  if (starts.length === 0 || starts.includes(undefined)) {
    throw fail('serverError', 'OneDrive does not say which bytes of the upload are missing.');
  }
  return Math.min(...starts.map(Number));
}

async function discarded(reply: HttpReply): Promise<typeof sessionGone> {
  await reply.discard().catch(() => undefined);
  return sessionGone;
}
