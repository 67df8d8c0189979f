import { z } from 'zod';

import type { Random } from '../../ports/random.ts';
import { seal, unseal } from '../common/sealed-text.ts';
import type { ReopenableSource, ResumeStore } from '../contract.ts';
import { fileIdSchema } from './drive-file.ts';

/** An upload that was begun and may have ended without anybody learning of it. */
export interface Upload {
  /** Of the file that it makes. */
  readonly id: string;
  /** Path of the resumable session, where there is one: whoever has it may write this one file. */
  readonly session: string | undefined;
}

const tokenSchema = z.object({
  id: fileIdSchema,
  key: z.string(),
  sha256: z.string(),
  bytes: z.int().nonnegative(),
  /** Sealed. */
  session: z.string().max(10_000).optional(),
});

const purpose = 'session of an upload to Google Drive';
/** Uploads that broke off and are remembered without a store. */
const mostRemembered = 1000;

/**
 * Remembers uploads that broke off: in memory, and across restarts in the store of each. A session is as good as a
 * permission to write, so it is kept only sealed with the refresh token, and not at all without one.
 */
export class UploadStates {
  readonly #random: Random;
  readonly #sealing: () => Promise<string | undefined>;
  readonly #remembered = new Map<string, Upload & Pick<ReopenableSource, 'sha256' | 'bytes'>>();

  /** @param sealing the secret to seal with */
  constructor(random: Random, sealing: () => Promise<string | undefined>) {
    this.#random = random;
    this.#sealing = sealing;
  }

  /** The upload of these very bytes to this key that broke off; nobody else gets it until it is given back. */
  async takeOver(
    key: string,
    { sha256, bytes }: ReopenableSource,
    store: ResumeStore | undefined,
  ): Promise<Upload | undefined> {
    const remembered = this.#remembered.get(key);
    this.#remembered.delete(key);
    if (remembered?.sha256 === sha256 && remembered.bytes === bytes) return remembered;
    const token = parseToken(store?.load());
    if (token?.key !== key || token.sha256 !== sha256 || token.bytes !== bytes) return undefined;
    const secret = token.session === undefined ? undefined : await this.#sealing();
    const session =
      token.session === undefined || secret === undefined
        ? undefined
        : unseal(token.session, secret, purpose);
    return { id: token.id, session };
  }

  /** For a restart that may come at any moment. */
  async keep(
    key: string,
    { sha256, bytes }: ReopenableSource,
    { id, session }: Upload,
    store: ResumeStore | undefined,
  ): Promise<void> {
    if (store === undefined) return;
    const secret = session === undefined ? undefined : await this.#sealing();
    const sealed =
      session === undefined || secret === undefined
        ? {}
        : { session: seal(session, secret, purpose, this.#random) };
    store.save(JSON.stringify({ id, key, sha256, bytes, ...sealed }));
  }

  /** For the next attempt of this process. */
  giveBack(key: string, { sha256, bytes }: ReopenableSource, { id, session }: Upload): void {
    if (this.#remembered.size >= mostRemembered) {
      const [oldest] = this.#remembered.keys();
      if (oldest !== undefined) this.#remembered.delete(oldest);
    }
    this.#remembered.set(key, { id, session, sha256, bytes });
  }
}

function parseToken(text: string | undefined): z.infer<typeof tokenSchema> | undefined {
  if (text === undefined) return undefined;
  try {
    return tokenSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
