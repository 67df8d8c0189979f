function forbidden(name: string): () => never {
  return () => {
    throw new Error(
      `The engine used ${name}, which no seed can replay; it must go through a port.`,
    );
  };
}

/**
 * Makes the real clock, timers and randomness throw for everything that runs in this process, so that a
 * schedule depends on its seed alone. Gives back a clock for the runner itself.
 */
export function forbidRealTime(): { readonly now: () => number } {
  const now = performance.now.bind(performance);
  const replace = (target: object, name: string): void => {
    Object.defineProperty(target, name, { value: forbidden(name), configurable: true });
  };
  replace(Date, 'now');
  replace(Math, 'random');
  replace(globalThis, 'setTimeout');
  replace(globalThis, 'setInterval');
  replace(performance, 'now');
  return { now };
}
