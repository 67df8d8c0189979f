import { isIP } from 'node:net';

/** Whether a host is on this computer or the network it is in: RFC 1918, RFC 4193, RFC 3927, RFC 6762, or a bare name. */
export function isNearby(host: string): boolean {
  switch (isIP(host)) {
    case 4:
      return /^(?:127\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.)/u.test(host);
    case 6:
      return /^(?:::1$|f[cd]|fe[89ab])/iu.test(host);
    default:
      return (
        !host.includes('.') || /\.(?:local|lan|home|internal|localhost|home\.arpa)$/iu.test(host)
      );
  }
}
