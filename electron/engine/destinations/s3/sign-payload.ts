/** Where {@link signedFor} goes among the SDK's own steps: before the request is signed. */
export const beforeSigning = { step: 'build', name: 'signedFor' } as const;

/**
 * Signs the request for bytes of this SHA-256 without hashing them again. A server that checks what was
 * signed refuses any other bytes (docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html,
 * `x-amz-content-sha256`).
 */
export function signedFor<Args extends { readonly request: unknown }>(
  args: Args,
  sha256: string,
): Args {
  const { request } = args;
  if (typeof request === 'object' && request !== null && 'headers' in request) {
    Object.assign(Object(request.headers), { 'x-amz-content-sha256': sha256 });
  }
  return args;
}
