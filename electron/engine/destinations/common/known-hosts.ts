/** Remembers by which key a server was recognised when it was first met. */
export interface KnownHosts {
  /** What was remembered for `host:port`; undefined where it has never been met. */
  find(host: string): Promise<string | undefined>;
  remember(host: string, key: string): Promise<void>;
}
