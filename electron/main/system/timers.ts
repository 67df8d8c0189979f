/** The one way in which the main process waits, so that tests need not. */
export interface Timers {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once after a time, until the returned function is called. */
  after(ms: number, callback: () => void): () => void;
}

/** The computer's own clock. */
export const systemTimers: Timers = {
  now: () => Date.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};
