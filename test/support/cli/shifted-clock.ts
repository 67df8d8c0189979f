/**
 * Loaded before the program by `NODE_OPTIONS=--import`: its wall clock is wrong by so many milliseconds, while
 * the disks and servers around it go by the right one.
 */
const shiftMs = Number(process.env['CLOUDROLL_TEST_CLOCK_SHIFT_MS'] ?? '0');
const RealDate = Date;
const now = (): number => RealDate.now() + shiftMs;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: unknown[], newTarget): Date => {
    const made: unknown = Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget);
    if (made instanceof RealDate) return made;
    throw new TypeError('The constructor of dates made something else.');
  },
  get: (target, name, receiver): unknown =>
    name === 'now' ? now : Reflect.get(target, name, receiver),
});
