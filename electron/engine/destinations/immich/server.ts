import { z } from 'zod';

import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import type { Quota } from '../contract.ts';
import type { Purpose } from '../open-context.ts';
import { apiKeySchema, mediaTypesSchema, userSchema, versionSchema } from './answers.ts';
import type { ImmichConnection } from './connection.ts';
import { requirePermissions } from './permissions.ts';

/** What has to be known of a server before it is worked with. */
export interface ImmichServer {
  readonly major: number;
  /** Id of the user whose key it is. */
  readonly owner: string;
  /** Extensions that it takes, lower case, with their dot. */
  readonly extensions: ReadonlySet<string>;
}

const oldest = 2;

/** Asks a server for its version and what the key is good for; one that cannot be used says why. */
export async function learnServer(
  connection: ImmichConnection,
  purpose: Purpose,
  signal: AbortSignal,
): Promise<ImmichServer> {
  const { major, minor, patch } = await versionOf(connection, signal);
  if (major < oldest) {
    const version = [major, minor, patch].join('.');
    throw fail('unsupported', `This server runs Immich ${version}, which is too old.`, {
      hint: 'Update it to version 2 or later.',
    });
  }
  const { permissions } = await connection.get(apiKeySchema, '/api-keys/me', signal);
  requirePermissions(permissions, purpose);
  const { id } = await connection.get(userSchema, '/users/me', signal);
  const { image, video } = await connection.get(mediaTypesSchema, '/server/media-types', signal);
  return { major, owner: id, extensions: new Set([...image, ...video]) };
}

/** The user's quota; without one Immich says nothing of how much it may hold. */
export async function quotaOfUser(
  connection: ImmichConnection,
  signal: AbortSignal,
): Promise<Quota | null> {
  const { quotaSizeInBytes, quotaUsageInBytes } = await connection.get(
    userSchema,
    '/users/me',
    signal,
  );
  const usedBytes = quotaUsageInBytes ?? Number.NaN;
  if (!bytesSchema.safeParse(usedBytes).success) return null;
  const total = bytesSchema.positive().safeParse(quotaSizeInBytes);
  return { usedBytes, totalBytes: total.success ? total.data : null };
}

const bytesSchema = z.int().nonnegative();

async function versionOf(
  connection: ImmichConnection,
  signal: AbortSignal,
): Promise<z.infer<typeof versionSchema>> {
  try {
    return await connection.get(versionSchema, '/server/version', signal);
  } catch (error) {
    const { code } = failureOf(error);
    if (code !== 'notFound' && !(code === 'serverError' && isNoAnswer(error))) throw error;
    throw fail('invalid', 'There is no Immich at this address.', {
      hint: 'Check the host and the port; Immich’s own port is 2283.',
      cause: error,
    });
  }
}

/** Something answered, but not what was asked for: a web page of something else, say. */
function isNoAnswer(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof z.ZodError;
}
