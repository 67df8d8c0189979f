/**
 * Address of a module that lies beside another, to start it as a thread or process of its own: a source beside a
 * source, a built file beside a built one.
 *
 * @param name of the file, without its ending
 * @param from `import.meta.url` of the other
 */
export function moduleBeside(name: string, from: string): URL {
  return new URL(`./${name}.${from.endsWith('.ts') ? 'ts' : 'js'}`, from);
}
