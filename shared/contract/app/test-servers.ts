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
 * Whether an address is a page of a test server, such as its sign-in page, with whatever query.
 *
 * @param testServers as {@link testServersOf} names them; none in the hands of a person
 */
export function isAtTestServer(address: string, testServers: readonly string[]): boolean {
  const url = URL.parse(address);
  if (url?.username !== '' || url.password !== '' || url.hash !== '') return false;
  return testServers.includes(url.origin);
}
