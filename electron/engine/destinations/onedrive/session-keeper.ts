import { z } from 'zod';

import type { Random } from '../../ports/random.ts';
import { seal, unseal } from '../common/sealed-text.ts';
import type { ResumeStore } from '../contract.ts';

const keptSchema = z.object({
  /** Where the bytes go. Whoever knows it may finish or end this one upload until it expires. */
  address: z.string().max(8192),
  /** Milliseconds since 1970. */
  expiresMs: z.number(),
  /** Path of the file in the drive. */
  path: z.string(),
  sha256: z.string(),
  bytes: z.int().nonnegative(),
});

/** What is kept to go on with an upload session. */
export type KeptSession = z.infer<typeof keptSchema>;

const purpose = 'onedrive upload session';

/**
 * Keeps begun upload sessions sealed with the refresh token of the account; without one, not at all. Microsoft
 * exchanges that token with every use, so a session can also be opened with the one that there was at first, and is
 * sealed anew as the upload goes on.
 */
export class SessionKeeper {
  readonly #secret: () => Promise<string | undefined>;
  readonly #random: Random;
  readonly #first: Promise<string | undefined>;

  /** @param secret the refresh token as it is now; asked for at once, before any use exchanges it */
  constructor(secret: () => Promise<string | undefined>, random: Random) {
    this.#secret = secret;
    this.#random = random;
    this.#first = secret();
    // Whoever needs it hears of its failure.
    void this.#first.catch(() => undefined);
  }

  /** Undefined where nothing is kept, or nothing that can be opened. */
  async load(store: ResumeStore | undefined): Promise<KeptSession | undefined> {
    const sealed = store?.load();
    if (sealed === undefined) return undefined;
    for (const secret of [await this.#first, await this.#secret()]) {
      const text = secret === undefined ? undefined : unseal(sealed, secret, purpose);
      if (text !== undefined) return parse(text);
    }
    return undefined;
  }

  async save(store: ResumeStore | undefined, session: KeptSession): Promise<void> {
    if (store === undefined) return;
    const secret = await this.#secret();
    if (secret === undefined) return;
    store.save(seal(JSON.stringify(session), secret, purpose, this.#random));
  }
}

function parse(text: string): KeptSession | undefined {
  try {
    return keptSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
