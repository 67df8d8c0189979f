/**
 * Where a server is for whoever asks it by this `Host`: the names of services are reached over TLS, which ends
 * before a double does (`true-names.ts`), and what is on this machine without.
 */
export function originOf(host: string | undefined): string {
  const name = host ?? '';
  return `${/^(?:127\.0\.0\.1|localhost)(?::|$)/u.test(name) ? 'http' : 'https'}://${name}`;
}
