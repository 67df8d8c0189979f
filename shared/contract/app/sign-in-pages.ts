/**
 * Where providers ask people whether Cloudroll may come in: the only addresses that a sign-in opens in the
 * browser. A test holds it against the sign-ins of all kinds of destination.
 */
export const signInPages: ReadonlySet<string> = new Set([
  'https://accounts.google.com/o/oauth2/v2/auth',
  'https://login.microsoftonline.com/common/oauth2/v2.0/authorize',
  'https://www.dropbox.com/oauth2/authorize',
]);

const testServer = /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/u;

/** Whether an address is that of a server on this computer, without a path. */
export function isTestServer(address: string): boolean {
  return testServer.test(address);
}

/** Servers on this computer that stand in for providers, from variables such as `CLOUDROLL_ENDPOINT_GDRIVE`. */
export function testServersOf(
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    name.startsWith('CLOUDROLL_ENDPOINT_') && value !== undefined && isTestServer(value)
      ? [value]
      : [],
  );
}

/**
 * Whether an address is the sign-in page of a provider, with whatever query, or of a test server.
 *
 * @param testServers as {@link testServersOf} names them; none in the hands of a person
 */
export function isSignInPage(address: string, testServers: readonly string[]): boolean {
  const url = URL.parse(address);
  if (url?.username !== '' || url.password !== '' || url.hash !== '') return false;
  return signInPages.has(`${url.origin}${url.pathname}`) || testServers.includes(url.origin);
}
