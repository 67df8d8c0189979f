import { z } from 'zod';

import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import type { CloudrollError } from '../../../../shared/domain/failure.ts';
import type { HttpReply } from '../common/http-client.ts';
import { SignedApi } from '../common/signed-api.ts';
import type { ApiRequest, Refusal } from '../common/signed-api.ts';
import type { Quota } from '../contract.ts';
import type { OpenContext } from '../open-context.ts';
import { driveFailure, signInFirst } from './drive-failure.ts';
import {
  childrenQuery,
  driveFileSchema,
  fileFields,
  fileIdSchema,
  folderType,
  isMarked,
  markOf,
  markQuery,
  oldestFirst,
} from './drive-file.ts';
import type { DriveFile } from './drive-file.ts';
import { gdriveSignIn } from './gdrive-sign-in.ts';

/** Requests at once that get a connection of their own. */
export const maxSockets = 10;
const idsAtOnce = 100;
const pageSize = 1000;

const pageSchema = z.object({
  nextPageToken: z.string().max(4000).optional(),
  incompleteSearch: z.boolean().optional(),
  files: z.array(driveFileSchema),
});
const idsSchema = z.object({ ids: z.array(fileIdSchema).min(1) });
const bytesSchema = z
  .string()
  .regex(/^\d{1,15}$/u)
  .transform(Number);
const aboutSchema = z.object({
  storageQuota: z.object({ limit: bytesSchema.optional(), usage: bytesSchema.optional() }),
});

/** The calls of the Google Drive API, version 3, that are needed. */
export class DriveApi {
  readonly #context: Pick<OpenContext, 'clock' | 'endpoints' | 'accessTokens'>;
  #api: SignedApi | undefined;

  constructor(context: Pick<OpenContext, 'clock' | 'endpoints' | 'accessTokens'>) {
    this.#context = context;
  }

  /** Any request; see `SignedApi.send`. */
  async send(
    request: ApiRequest,
    statuses: readonly number[],
    signal: AbortSignal,
  ): Promise<HttpReply> {
    return this.#signed().send(request, statuses, signal);
  }

  async about(signal: AbortSignal): Promise<Quota> {
    const request = { method: 'GET', path: '/drive/v3/about?fields=storageQuota(limit,usage)' };
    const { storageQuota } = await this.#signed().json(aboutSchema, request, [200], signal);
    return { usedBytes: storageQuota.usage ?? 0, totalBytes: storageQuota.limit ?? null };
  }

  /** Ids for files and folders that are going to be made; only who may write gets any. */
  async generateIds(signal: AbortSignal): Promise<string[]> {
    const path = `/drive/v3/files/generateIds?count=${String(idsAtOnce)}&space=drive&type=files`;
    const { ids } = await this.#signed().json(idsSchema, { method: 'GET', path }, [200], signal);
    return ids;
  }

  /** What was made here under that name in any of the folders, the oldest first. */
  async find(folders: readonly string[], name: string, signal: AbortSignal): Promise<DriveFile[]> {
    const found: DriveFile[] = [];
    for (const folder of folders) {
      for await (const file of this.#search(markQuery(folder, name), signal)) {
        if (file.name === name && isMarked(file)) found.push(file);
      }
    }
    return oldestFirst(found);
  }

  /** Everything that was made here in the folder, in no particular order. */
  async *children(folder: string, signal: AbortSignal): AsyncGenerator<DriveFile> {
    for await (const file of this.#search(childrenQuery(folder), signal)) {
      if (isMarked(file)) yield file;
    }
  }

  /** Null where there is none of that id. */
  async get(id: string, signal: AbortSignal): Promise<DriveFile | null> {
    const request = { method: 'GET', path: `/drive/v3/files/${id}?fields=${fileFields}` };
    try {
      return await this.#signed().json(driveFileSchema, request, [200], signal);
    } catch (error) {
      if (failureOf(error).code === 'notFound') return null;
      throw error;
    }
  }

  /** An id that is taken is a `conflict`. */
  async createFolder(id: string, name: string, parent: string, signal: AbortSignal): Promise<void> {
    const metadata = {
      ...{ id, name, mimeType: folderType, parents: [parent] },
      appProperties: markOf(name),
    };
    const request = {
      method: 'POST',
      path: `/drive/v3/files?${creationQuery}&fields=id`,
      headers: { 'content-type': 'application/json; charset=UTF-8' },
      body: Buffer.from(JSON.stringify(metadata)),
    };
    await this.#signed().command(request, [200], signal);
  }

  /** For good, not into the trash; one that is not there is fine. */
  async remove(id: string, signal: AbortSignal): Promise<void> {
    const request = { method: 'DELETE', path: `/drive/v3/files/${id}` };
    try {
      await this.#signed().command(request, [200, 204], signal);
    } catch (error) {
      if (failureOf(error).code !== 'notFound') throw error;
    }
  }

  close(): void {
    this.#api?.close();
    this.#api = undefined;
  }

  async *#search(query: string, signal: AbortSignal): AsyncGenerator<DriveFile> {
    const fields = `nextPageToken,incompleteSearch,files(${fileFields})`;
    const base = `/drive/v3/files?spaces=drive&pageSize=${String(pageSize)}&fields=${fields}&q=${encodeURIComponent(query)}`;
    let page: string | undefined;
    do {
      const path = page === undefined ? base : `${base}&pageToken=${encodeURIComponent(page)}`;
      const answer = await this.#signed().json(pageSchema, { method: 'GET', path }, [200], signal);
      // What was left out here would look as if it were gone.
      if (answer.incompleteSearch === true) {
        throw fail('serverError', 'Google Drive did not look through all files.');
      }
      yield* answer.files;
      page = answer.nextPageToken;
    } while (page !== undefined && page !== '');
  }

  #signed(): SignedApi {
    this.#api ??= this.#open();
    return this.#api;
  }

  #open(): SignedApi {
    const { clock, endpoints = () => undefined, accessTokens } = this.#context;
    const tokens = accessTokens?.(gdriveSignIn(endpoints));
    if (tokens === undefined) {
      throw fail('auth', 'Nobody is signed in to Google Drive.', {
        hint: signInFirst,
      });
    }
    const explain = (refusal: Refusal): CloudrollError => driveFailure(refusal, clock.now());
    const origin = endpoints('gdrive') ?? 'https://www.googleapis.com';
    return new SignedApi({ origin, maxSockets, tokens, explain });
  }
}

/** Photos stay private also where a company shows new files to everybody in it. */
export const creationQuery = 'ignoreDefaultVisibility=true';
