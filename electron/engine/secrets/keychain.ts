/** Where the system keeps secrets for this person. Every failure is a `CloudrollError` with a hint. */
export interface Keychain {
  /** Null where there is no secret of that name. */
  get(account: string): Promise<string | null>;
  set(account: string, secret: string): Promise<void>;
  /** One that is not there is fine. */
  remove(account: string): Promise<void>;
}
