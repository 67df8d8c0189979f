/** An answer of Google that is no success. */
export class GoogleRefusal extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.name = 'GoogleRefusal';
    this.status = status;
    this.reason = reason;
  }

  /** As on cloud.google.com/storage/docs/json_api/v1/status-codes. */
  body(): string {
    const { status: code, reason, message } = this;
    return JSON.stringify({
      error: { code, message, errors: [{ domain: 'global', reason, message }] },
    });
  }
}
