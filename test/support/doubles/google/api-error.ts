/** A refusal as Google's APIs word it: an HTTP status, a reason, and sometimes details. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    reason: string,
    message: string,
    more: {
      readonly headers?: Readonly<Record<string, string>>;
      readonly details?: readonly unknown[];
    } = {},
  ) {
    super(message);
    this.status = status;
    this.headers = more.headers ?? {};
    const errors = [{ domain: 'global', reason, message }];
    const details = more.details === undefined ? {} : { details: more.details };
    this.body = { error: { code: status, message, errors, ...details } };
  }
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'badRequest', message);
}

export function notFound(what: string): ApiError {
  return new ApiError(404, 'notFound', `File not found: ${what}.`);
}
