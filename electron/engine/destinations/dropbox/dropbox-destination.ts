import { z } from 'zod';

import { fail } from '../../../../shared/domain/failure.ts';
import { throwIfCancelled } from '../cancellation.ts';
import { readRange } from '../common/byte-range.ts';
import type { GetBytes } from '../common/byte-range.ts';
import type {
  ByteRange,
  Capabilities,
  Destination,
  ObjectInfo,
  PutOptions,
  PutResult,
  Quota,
  ReopenableSource,
} from '../contract.ts';
import type { OpenContext } from '../open-context.ts';
import { DropboxConnection, dropboxOrigins, maxSockets, valueOf } from './connection.ts';
import { contentHashOf } from './content-hash.ts';
import { refusalFailure } from './dropbox-failure.ts';
import { dropboxSignIn, notSignedIn } from './dropbox-sign-in.ts';
import { KnownContents } from './known-contents.ts';
import { listFolder } from './list-folder.ts';
import { entrySchema, fileSchema, infoOf } from './metadata.ts';
import type { FileMetadata } from './metadata.ts';
import { putFile } from './put-file.ts';
import { putSession } from './put-session.ts';
import { quotaOfAccount, spaceSchema } from './quota.ts';
import { removeFile } from './remove-file.ts';
import type { DropboxSettings } from './settings.ts';

/** Larger files go up piece by piece. */
const singlePutBytes = 8 * 1024 * 1024;
/** 2^41 - 2^22 (dropbox.com/developers/documentation/http/documentation#files-upload_session-append). */
const largestFile = 2 ** 41 - 2 ** 22;
/** The most that a page of a list may have. */
const pageSize = 2000;

export type DropboxPorts = Pick<
  OpenContext,
  'random' | 'purpose' | 'clock' | 'endpoints' | 'accessTokens'
>;

/**
 * A folder in somebody's Dropbox. Dropbox refuses a second file of one name by itself, and proves what it stores by
 * its content hash. It keeps upper and lower case but does not tell names apart by them, so a key may lead to a
 * file that was written otherwise.
 */
export class DropboxDestination implements Destination {
  readonly capabilities: Capabilities = {
    createOnly: 'atomic',
    resumable: true,
    serverHash: ['sha256'],
    list: true,
    remove: true,
    maxBytes: largestFile,
    // Dropbox locks an account while it writes a name, and asks those who come in the meantime to slow down.
    concurrency: { initial: 4, max: maxSockets },
  };
  readonly #settings: DropboxSettings;
  readonly #ports: DropboxPorts;
  readonly #connection: DropboxConnection;
  readonly #known = new KnownContents();

  constructor(settings: DropboxSettings, ports: DropboxPorts) {
    this.#settings = settings;
    this.#ports = ports;
    const { endpoints, accessTokens, clock } = ports;
    const provider = dropboxSignIn(endpoints ?? (() => undefined));
    const tokens = accessTokens?.(provider) ?? notSignedIn;
    this.#connection = new DropboxConnection(dropboxOrigins(endpoints), tokens, clock);
  }

  async check(signal: AbortSignal): Promise<void> {
    const argument = { path: this.#settings.root, recursive: false, limit: 1 };
    const route = 'files/list_folder';
    const answer = await this.#connection.call(z.unknown(), route, argument, signal);
    if (!answer.ok && !answer.refusal.tags.includes('not_found')) {
      throw refusalFailure(answer.refusal);
    }
    if (this.#ports.purpose !== 'read') await this.#tryToWrite(signal);
  }

  async stat(key: string, signal: AbortSignal): Promise<ObjectInfo | null> {
    const file = await this.#find(key, signal);
    return file === null ? null : infoOf(key, file, this.#known);
  }

  async put(
    key: string,
    source: ReopenableSource,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<PutResult> {
    throwIfCancelled(signal);
    if (source.bytes > this.capabilities.maxBytes) {
      throw fail('unsupported', 'The file is larger than Dropbox takes.');
    }
    const tools = {
      connection: this.#connection,
      known: this.#known,
      pathOf: (name: string) => this.#pathOf(name),
      exists: async (name: string, within: AbortSignal) =>
        (await this.#find(name, within)) !== null,
    };
    if (source.bytes > singlePutBytes) return putSession(tools, key, source, options, signal);
    const result = await putFile(tools, key, source, signal);
    options.onProgress?.(source.bytes);
    return result;
  }

  open(key: string, range: ByteRange | null, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const argument = { path: this.#pathOf(key) };
    const get: GetBytes = (headers, statuses) =>
      this.#connection.download(argument, headers, statuses, signal);
    return readRange(range, get, signal);
  }

  list(prefix: string, signal: AbortSignal): AsyncIterable<ObjectInfo> {
    const { root } = this.#settings;
    const tools = { connection: this.#connection, known: this.#known, root };
    return listFolder(tools, prefix, pageSize, signal);
  }

  async quota(signal: AbortSignal): Promise<Quota | null> {
    const route = 'users/get_space_usage';
    const answer = await this.#connection.call(spaceSchema, route, undefined, signal);
    return quotaOfAccount(valueOf(answer));
  }

  async remove(key: string, signal: AbortSignal): Promise<void> {
    const file = await this.#find(key, signal);
    if (file !== null) await removeFile(this.#connection, this.#pathOf(key), file.rev, signal);
  }

  close(): Promise<void> {
    this.#connection.close();
    return Promise.resolve();
  }

  async #find(key: string, signal: AbortSignal): Promise<FileMetadata | null> {
    const argument = { path: this.#pathOf(key) };
    const route = 'files/get_metadata';
    const answer = await this.#connection.call(entrySchema, route, argument, signal);
    if (answer.ok) return answer.value;
    if (answer.refusal.tags.includes('not_found')) return null;
    throw refusalFailure(answer.refusal);
  }

  /** A sign-in that may only read would otherwise come out in the middle of the first upload. */
  async #tryToWrite(signal: AbortSignal): Promise<void> {
    const id = Buffer.from(this.#ports.random.bytes(12)).toString('hex');
    const path = this.#pathOf(`.cloudroll/probe/${id}`);
    const body = Buffer.from('This file was made by Cloudroll to learn whether it may write.\n');
    const argument = { path, mode: 'add', mute: true, content_hash: contentHashOf(body) };
    const route = 'files/upload';
    const answer = await this.#connection.upload(fileSchema, route, argument, body, signal);
    await removeFile(this.#connection, path, valueOf(answer).rev, signal);
  }

  #pathOf(key: string): string {
    return `${this.#settings.root}/${key}`;
  }
}
