import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';

import { z } from 'zod';

import { fail } from '../../../shared/domain/failure.ts';
import { translated } from '../adapters/file-system-failure.ts';
import type { KnownHosts } from '../destinations/common/known-hosts.ts';
import { syncDirectory } from './durable.ts';

const hostsSchema = z.record(z.string().max(300), z.string().max(300));
type Hosts = z.infer<typeof hostsSchema>;

/** Keys of servers in a file of the data directory, `known-hosts.json`; it holds no secret. */
export class KnownHostsFile implements KnownHosts {
  readonly #path: string;
  #writing: Promise<void> = Promise.resolve();

  constructor(dataDirectory: string) {
    this.#path = path.join(dataDirectory, 'known-hosts.json');
  }

  async find(host: string): Promise<string | undefined> {
    await this.#writing;
    return (await this.#read())[host];
  }

  async remember(host: string, key: string): Promise<void> {
    const writing = this.#writing.then(async () => {
      await this.#write({ ...(await this.#read()), [host]: key });
    });
    this.#writing = writing.catch(() => undefined);
    await writing;
  }

  async #read(): Promise<Hosts> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
      throw translated(error, this.#path);
    }
    try {
      return hostsSchema.parse(JSON.parse(text));
    } catch (cause) {
      // To begin anew would be to trust whoever answers now.
      throw fail('corrupt', `The file ${this.#path} is damaged, so servers cannot be recognised.`, {
        hint: 'If you are sure of your servers, remove the file; each is then met as for the first time.',
        cause,
      });
    }
  }

  async #write(hosts: Hosts): Promise<void> {
    const temporary = `${this.#path}.new`;
    try {
      await mkdir(path.dirname(this.#path), { recursive: true, mode: 0o700 });
      const file = await open(temporary, 'w', 0o600);
      try {
        await file.writeFile(`${JSON.stringify(hosts, null, 2)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.#path);
      await syncDirectory(path.dirname(this.#path));
    } catch (error) {
      throw translated(error, this.#path);
    }
  }
}
