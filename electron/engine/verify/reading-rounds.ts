import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

const roundsSchema = z.record(
  z.string(),
  z.object({ startedMs: z.number().positive(), percent: z.number().positive().max(100) }),
);
type Rounds = z.infer<typeof roundsSchema>;

/** Remembers rounds of reading data that were broken off, so that the next one goes on where they stopped. */
export class ReadingRounds {
  readonly #path: string;

  constructor(dataDirectory: string) {
    this.#path = join(dataDirectory, 'reading-rounds.json');
  }

  /** When the open round of a destination began; null where there is none of that percentage. */
  async find(url: string, percent: number): Promise<number | null> {
    const round = (await this.#read())[url];
    return round?.percent === percent ? round.startedMs : null;
  }

  async begin(url: string, percent: number, startedMs: number): Promise<void> {
    await this.#write({ ...(await this.#read()), [url]: { startedMs, percent } });
  }

  async end(url: string): Promise<void> {
    const { [url]: ended, ...others } = await this.#read();
    if (ended !== undefined) await this.#write(others);
  }

  /** A file that cannot be understood only means that reading begins anew. */
  async #read(): Promise<Rounds> {
    try {
      return roundsSchema.parse(JSON.parse(await readFile(this.#path, 'utf8')));
    } catch {
      return {};
    }
  }

  async #write(rounds: Rounds): Promise<void> {
    await writeFile(`${this.#path}.new`, JSON.stringify(rounds), { mode: 0o600 });
    await rename(`${this.#path}.new`, this.#path);
  }
}
