/** Where passwords and keys come from; they never stand in a URL, a log or the catalogue. */
export interface Secrets {
  /**
   * The secret of that name for a destination, or undefined.
   * @param destination stable name of the destination (see `shared/domain/destination-url.ts`)
   * @param name the provider's usual environment variable, e.g. `AWS_SECRET_ACCESS_KEY`
   */
  find(destination: string, name: string): Promise<string | undefined>;
}
