/** Values that a log line may carry; an implementation redacts what looks like a secret. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** What the engine tells those who look into a problem; people see failures, not logs. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Drops everything. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
