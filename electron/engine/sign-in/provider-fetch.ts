import { fail } from '../../../shared/domain/failure.ts';
import { orCancelled } from '../destinations/cancellation.ts';
import { HttpClient } from '../destinations/common/http-client.ts';
import { connectionFailure, statusFailure } from '../destinations/common/http-failure.ts';
import { serverOf } from '../destinations/common/signed-api.ts';

/** Longest answer of a token endpoint, bytes. */
const longestAnswer = 64 * 1024;
/** Longest silence of a provider, milliseconds. */
const silenceMs = 30_000;

/** A request as `oauth4webapi` makes it. */
interface ProviderRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A request to a provider's endpoint; a `fetch` for `oauth4webapi`, for one request with a form. */
export type ProviderFetch = (address: string, request: ProviderRequest) => Promise<Response>;

/**
 * Sends a form over a connection of its own, whose every failure comes out translated. What a provider says of
 * its own state (slow down, internal error) is a failure; what it says of the request is a reply.
 *
 * @param now milliseconds since 1970
 */
export function providerFetch(now: () => number, signal: AbortSignal): ProviderFetch {
  return async (address, { method, headers, body }) => {
    const { origin, pathname, search } = new URL(address);
    const client = new HttpClient(serverOf(origin), 1);
    try {
      const form = body instanceof URLSearchParams ? body.toString() : '';
      const request = { method, path: `${pathname}${search}`, headers, silenceMs };
      const sending = client.send({ ...request, body: Buffer.from(form) }, signal);
      const reply = await orCancelled(sending, signal);
      const failure = statusFailure(reply.status, reply.header('retry-after'), now());
      if (failure !== undefined) throw failure;
      if (reply.status !== 200 && reply.status < 400) {
        throw fail(
          'serverError',
          'The provider answered with something that cannot be understood.',
        );
      }
      const bytes = await orCancelled(reply.bytes(longestAnswer), signal);
      return new Response(withoutIdToken(bytes.toString('utf8')), {
        status: reply.status,
        headers: copied(['content-type', 'www-authenticate'], (name) => reply.header(name)),
      });
    } catch (error) {
      throw connectionFailure(error);
    } finally {
      client.close();
    }
  };
}

/**
 * Who signed in is asked of the provider with the access token. An ID token that comes along is of no use here,
 * and checking it would take what providers do not agree on (Microsoft's issuer differs from tenant to tenant).
 */
function withoutIdToken(text: string): string {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer !== 'object' || answer === null || !('id_token' in answer)) return text;
    const { id_token: _unused, ...rest } = answer;
    return JSON.stringify(rest);
  } catch {
    return text;
  }
}

function copied(
  names: readonly string[],
  header: (name: string) => string | undefined,
): [string, string][] {
  return names.flatMap((name): [string, string][] => {
    const value = header(name);
    return value === undefined ? [] : [[name, value]];
  });
}
