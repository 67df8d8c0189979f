import { z } from 'zod';

import type { ReopenableSource, ResumeStore } from '../contract.ts';
import { seal, unseal } from '../common/sealed-text.ts';
import type { Random } from '../../ports/random.ts';

const purpose = 'gphotos upload session';
const savedSchema = z.strictObject({
  path: z.string().startsWith('/').max(8000),
  sha256: z.string(),
});

/** Keeps where uploads go on, sealed: whoever has the address of a session can write to it. */
export class UploadSessions {
  readonly #random: Random;
  readonly #key: () => Promise<string | undefined>;

  /** @param key the secret of the sign-in; while there is none nothing is kept */
  constructor(random: Random, key: () => Promise<string | undefined>) {
    this.#random = random;
    this.#key = key;
  }

  /** The path of the session that an upload of this very content began; undefined for none. */
  async load(
    store: ResumeStore | undefined,
    source: ReopenableSource,
  ): Promise<string | undefined> {
    const sealed = store?.load();
    const key = sealed === undefined ? undefined : await this.#key();
    if (sealed === undefined || key === undefined) return undefined;
    const text = unseal(sealed, key, purpose);
    const saved = text === undefined ? undefined : savedSchema.safeParse(parsedJson(text)).data;
    return saved?.sha256 === source.sha256 ? saved.path : undefined;
  }

  async save(
    store: ResumeStore | undefined,
    source: ReopenableSource,
    path: string,
  ): Promise<void> {
    const key = store === undefined ? undefined : await this.#key();
    if (store === undefined || key === undefined) return;
    const text = JSON.stringify({ path, sha256: source.sha256 });
    store.save(seal(text, key, purpose, this.#random));
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
