import { Agent as HttpAgent } from 'node:http';
import type { ClientRequestArgs } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

/** Longest time in which a proxy and the server behind it let a connection come about, milliseconds. */
const tunnelMs = 20_000;

/** Agents that keep connections, for requests without TLS and with it; one of them may never be used. */
export interface KeptConnections {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

/**
 * They take the proxy of the environment where `NODE_USE_ENV_PROXY=1` says so: Node does that by itself for its
 * own agents only (nodejs.org/api/http.html, built-in proxy support).
 *
 * @param maxSockets requests at once that get a connection of their own
 */
export function keptConnections(maxSockets: number): KeptConnections {
  const options = {
    ...{ keepAlive: true, maxSockets, maxFreeSockets: maxSockets },
    ...(process.env['NODE_USE_ENV_PROXY'] === '1' ? { proxyEnv: process.env } : {}),
  };
  return { http: new HttpAgent(options), https: new TunnellingAgent(options) };
}

/** Gives up a tunnel in which TLS never begins; a request learns of its connection only after that. */
class TunnellingAgent extends HttpsAgent {
  override createConnection(
    options: ClientRequestArgs,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    if (callback === undefined) return super.createConnection(options);
    let givenUp = false;
    const connection = super.createConnection(options, (error, stream) => {
      clearTimeout(timer);
      if (!givenUp) callback(error, stream);
    });
    const giveUp = (): void => {
      givenUp = true;
      const error = new Error('The proxy opened no way to the server.');
      Reflect.apply(callback, undefined, [Object.assign(error, { code: 'ETIMEDOUT' })]);
      connection?.destroy();
    };
    // Without a proxy in the way it is TLS at once, and whoever sends the request watches it.
    const direct = connection instanceof TLSSocket;
    const limit = Math.min(tunnelMs, options.timeout ?? tunnelMs);
    const timer = direct ? undefined : setTimeout(giveUp, limit);
    return connection;
  }
}
