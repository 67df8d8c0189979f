/** A refusal as Google's newer APIs word it: google.rpc.Status with details (cloud.google.com/apis/design/errors). */
export class RpcError extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;

  constructor(
    status: number,
    name: string,
    message: string,
    headers: Readonly<Record<string, string>>,
    details: readonly unknown[],
  ) {
    super(message);
    this.status = status;
    this.headers = headers;
    this.body = { error: { code: status, message, status: name, details } };
  }
}

export function rpcError(
  status: number,
  name: string,
  message: string,
  more: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly details?: readonly unknown[];
  } = {},
): RpcError {
  return new RpcError(status, name, message, more.headers ?? {}, more.details ?? []);
}

/** google.rpc.ErrorInfo. */
export function errorInfo(reason: string, metadata: Readonly<Record<string, string>> = {}): object {
  const type = 'type.googleapis.com/google.rpc.ErrorInfo';
  return { '@type': type, reason, domain: 'googleapis.com', metadata };
}
