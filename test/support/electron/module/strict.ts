/**
 * An object of the stand-in that says so when it is asked for something it does not have: an `undefined` would
 * be taken for an answer.
 */
export function strict<T extends object>(name: string, object: T): T {
  return new Proxy(object, {
    get: (target, property): unknown => {
      if (typeof property === 'string' && !(property in target) && property !== 'then') {
        throw new Error(`The stand-in for Electron has no ${name}.${property}.`);
      }
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
