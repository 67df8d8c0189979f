type Environment = Readonly<Record<string, string | undefined>>;

/** An address to learn the system's proxy by: a common destination. */
export const proxyProbe = 'https://s3.amazonaws.com/';

/**
 * Environment variables that make the engine's connections take the system's proxy. What the person set in
 * the environment stays; a proxy of a kind that Node's connections cannot use (SOCKS) is left out.
 *
 * @param resolved as Chromium tells it: `DIRECT`, `PROXY host:port`, `HTTPS host:port`; several with `;`
 */
export function proxyEnvironment(resolved: string, environment: Environment): Environment {
  const set = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some(
    (name) => (environment[name] ?? '') !== '',
  );
  if (set) return { NODE_USE_ENV_PROXY: '1' };
  const [first = ''] = resolved.split(';');
  const match = /^(PROXY|HTTPS) ([\w.[\]:-]+)$/u.exec(first.trim());
  if (match === null) return {};
  const [, kind, place = ''] = match;
  const address = `${kind === 'HTTPS' ? 'https' : 'http'}://${place}`;
  return {
    NODE_USE_ENV_PROXY: '1',
    HTTPS_PROXY: address,
    HTTP_PROXY: address,
    NO_PROXY: environment['NO_PROXY'] ?? 'localhost,127.0.0.1,::1',
  };
}
