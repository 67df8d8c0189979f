import { fail } from '../../../../shared/domain/failure.ts';
import type { CloudrollError } from '../../../../shared/domain/failure.ts';
import type { HttpReply } from '../common/http-client.ts';
import { retryMoment, statusFailure } from '../common/http-failure.ts';
import type { AzureSettings } from './settings.ts';

/** Azure refuses what was signed longer ago or later. */
const clockToleranceMs = 15 * 60 * 1000;

/**
 * What a refusal means, by the service's own code
 * (learn.microsoft.com/rest/api/storageservices/blob-service-error-codes).
 * @param now milliseconds since 1970
 */
export function refusal(reply: HttpReply, settings: AzureSettings, now: number): CloudrollError {
  const code = reply.header('x-ms-error-code') ?? '';
  return (
    byCode(code, reply, settings, now) ??
    statusFailure(reply.status, reply.header('retry-after'), now) ??
    byStatus(reply.status, code)
  );
}

function byCode(
  code: string,
  reply: HttpReply,
  { account, container }: AzureSettings,
  now: number,
): CloudrollError | undefined {
  switch (code) {
    case 'ContainerNotFound':
      return fail('notFound', `There is no container ${container} in ${account}.`, {
        hint: 'Check its name; Cloudroll makes no containers.',
      });
    case 'BlobNotFound':
    case 'ResourceNotFound':
      return fail('notFound', 'There is no such file.');
    case 'BlobAlreadyExists':
    case 'ConditionNotMet':
    case 'TargetConditionNotMet':
    case 'UnauthorizedBlobOverwrite':
      return fail('conflict', 'The file exists already.');
    case 'Md5Mismatch':
    case 'Crc64Mismatch':
    case 'InvalidOperation':
      // The last is what Azurite says of an MD5 that differs; no request that is sent here allows another.
      return fail('corrupt', 'The bytes arrived at the server damaged and were refused.');
    case 'ServerBusy':
    case 'OperationTimedOut': {
      const retryAt = retryMoment(reply.header('retry-after'), now);
      return fail(
        'rateLimited',
        'Azure asks to slow down.',
        retryAt === undefined ? {} : { retryAt },
      );
    }
    case 'ContainerBeingDeleted':
    case 'InvalidBlockList':
    case 'InvalidBlobOrBlock':
      return fail('serverError', 'Azure does not have what was begun any more.');
    case 'AccountIsDisabled':
      return fail('auth', `The storage account ${account} is switched off.`, {
        hint: 'Look in the Azure portal; perhaps the subscription has ended.',
      });
    case 'AuthenticationFailed':
    case 'InvalidAuthenticationInfo':
      return signInFailure(reply, now);
    case 'AuthorizationFailure':
    case 'AuthorizationPermissionMismatch':
    case 'AuthorizationProtocolMismatch':
    case 'AuthorizationServiceMismatch':
    case 'AuthorizationResourceTypeMismatch':
    case 'AuthorizationSourceIPMismatch':
    case 'InsufficientAccountPermissions':
    case 'KeyBasedAuthenticationNotPermitted':
      return fail('auth', 'The key or signature may not do this.', {
        hint: 'A shared access signature needs read, create, write, delete and list for the container.',
      });
    default:
      return undefined;
  }
}

function signInFailure(reply: HttpReply, now: number): CloudrollError {
  const theirs = Date.parse(reply.header('date') ?? '');
  if (Math.abs(theirs - now) > clockToleranceMs) {
    return fail('auth', 'Azure refuses requests because this computer’s clock is wrong.', {
      hint: 'Set the date and time of this computer, best automatically.',
    });
  }
  return fail('auth', 'Azure does not accept the key or signature.', {
    hint: 'Copy it again from the Azure portal; a shared access signature may have expired.',
  });
}

function byStatus(status: number, code: string): CloudrollError {
  if (status === 404) return fail('notFound', 'There is no such file.');
  if (status === 412 || status === 409) return fail('conflict', 'The file exists already.');
  if (status === 401 || status === 403) {
    return fail('auth', 'Azure does not allow this.', {
      hint: 'Check the key or shared access signature, and the network rules of the account.',
    });
  }
  const what = code === '' ? `status ${String(status)}` : code;
  return fail('unsupported', `The server refused the request (${what}).`, {
    hint: 'Check that the address is that of a Blob service.',
  });
}
