import { createHash } from 'node:crypto';

import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import type { Random } from '../../ports/random.ts';
import { readAnswer } from '../common/signed-api.ts';
import type { StreamedBody } from '../common/http-client.ts';
import { uploadSchema } from './answers.ts';
import type { ImmichConnection } from './connection.ts';
import { bodyOf, formAround } from './multipart.ts';
import type { ImmichServer } from './server.ts';

/** Smaller files are held in memory, and sent only when they have turned out to be what was promised. */
export const heldBytes = 8 * 1024 * 1024;

/** What every upload needs. */
export interface PutTools {
  readonly connection: ImmichConnection;
  readonly server: ImmichServer;
  readonly random: Random;
}

/** A file for Immich, with what it is told of it. */
export interface ImmichUpload {
  readonly name: string;
  readonly file: Uint8Array | StreamedBody;
  readonly createdMs: number;
  readonly modifiedMs: number;
  readonly visibility?: 'hidden';
  readonly livePhotoVideoId?: string;
  /** Hexadecimal SHA-1, where it is known before; Immich answers `duplicate` where it has such a file. */
  readonly sha1?: string;
}

/** Sends a file; `created: false` where Immich held the same bytes before. */
export async function upload(
  { connection, server, random }: PutTools,
  what: ImmichUpload,
  signal: AbortSignal,
): Promise<{ id: string; created: boolean }> {
  const { name, visibility, livePhotoVideoId, sha1 } = what;
  const boundary = `cloudroll-${Buffer.from(random.bytes(16)).toString('hex')}`;
  const fields = {
    // Version 3 has done away with these; version 2 takes no file without them.
    ...(server.major === 2 ? { deviceAssetId: sha1 ?? name, deviceId: 'Cloudroll' } : {}),
    fileCreatedAt: timestamp(what.createdMs),
    fileModifiedAt: timestamp(what.modifiedMs),
    filename: name,
    ...(visibility === undefined ? {} : { visibility }),
    ...(livePhotoVideoId === undefined ? {} : { livePhotoVideoId }),
  };
  const extension = /\.[a-z0-9]{1,10}$/iu.exec(name)?.[0] ?? '';
  const form = formAround(fields, { field: 'assetData', name: `asset${extension}` }, boundary);
  const request = {
    method: 'POST',
    path: '/assets',
    headers: {
      'content-type': form.contentType,
      ...(sha1 === undefined ? {} : { 'x-immich-checksum': sha1 }),
    },
    body: bodyOf(form, what.file),
  };
  const reply = await connection.send(request, [200, 201], signal);
  const { id, status } = await readAnswer(uploadSchema, reply);
  return { id, created: status === 'created' };
}

/** Removes what an upload left that turned out wrong; what fails here is not the failure to tell. */
export async function discard(
  { connection }: PutTools,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await connection.command('DELETE', '/assets', { ids: [id], force: true }, signal);
  } catch (error) {
    if (failureOf(error).code === 'cancelled') throw error;
  }
}

/** Hexadecimal SHA-1 of bytes in memory. */
export function sha1Of(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex');
}

/** The failure of an upload of which Immich received other bytes than were sent. */
export function damaged(): Error {
  return fail('corrupt', 'Immich received other bytes than were sent.', {
    hint: 'It is sent again; if this goes on, the connection or the server is faulty.',
  });
}

/** ISO 8601 in UTC with a year of four digits. */
function timestamp(milliseconds: number): string {
  const bounded = Math.min(Math.max(milliseconds, firstMoment), lastMoment);
  return new Date(Number.isNaN(bounded) ? 0 : bounded).toISOString();
}

const firstMoment = Date.UTC(1000, 0);
const lastMoment = Date.UTC(9999, 11, 31);
