import { fail, failureOf } from '../../../../shared/domain/failure.ts';
import type { FailureCode } from '../../../../shared/domain/failure.ts';
import type { Destination, ObjectInfo } from '../contract.ts';
import { collect, sha256Of } from './sources.ts';

/** Rejects the destination where a fact is not so. */
export function expectThat(fact: boolean, otherwise: string): void {
  if (!fact) throw broken(otherwise);
}

/** The work must fail with one of these codes. */
export async function expectFailure(
  work: Promise<unknown>,
  codes: readonly FailureCode[],
  what: string,
): Promise<void> {
  let failure;
  try {
    await work;
  } catch (error) {
    failure = failureOf(error);
  }
  if (failure === undefined)
    throw broken(`${what} succeeded, but had to fail (${codes.join(', ')}).`);
  if (!codes.includes(failure.code)) {
    throw fail(
      'unsupported',
      `${what} failed as ${failure.code} (${failure.message}) instead of ${codes.join(' or ')}.`,
    );
  }
}

/** The object is there with exactly these bytes, by every way the destination has to tell. */
export async function expectObject(
  destination: Destination,
  key: string,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  const info = await destination.stat(key, signal);
  if (info === null) throw broken(`${key} is not there after it was put.`);
  expectHonest(info, key, bytes);
  const stored = await collect(destination.open(key, null, signal));
  expectThat(sha256Of(stored) === sha256Of(bytes), `${key} comes back with other bytes.`);
  const readBack = await destination.readBack?.(key, signal);
  expectThat(
    readBack === undefined ||
      (readBack.sha256 === sha256Of(bytes) && readBack.bytes === bytes.length),
    `Reading ${key} back gives another hash or length.`,
  );
}

/** What the destination says of an object is true, as far as it says it. */
export function expectHonest(info: ObjectInfo, key: string, bytes: Uint8Array): void {
  expectThat(info.key === key, `The object ${key} is called ${info.key}.`);
  expectThat(info.bytes === bytes.length, `${key} is said to have ${String(info.bytes)} bytes.`);
  const { sha256 } = info.hashes;
  expectThat(
    sha256 === undefined || sha256 === sha256Of(bytes),
    `The SHA-256 that the destination tells of ${key} is wrong.`,
  );
}

/** Neither looking it up nor listing shows anything of the key. */
export async function expectAbsent(
  destination: Destination,
  key: string,
  signal: AbortSignal,
): Promise<void> {
  expectThat((await destination.stat(key, signal)) === null, `${key} is visible.`);
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  const keys = await keysIn(destination, folder, signal);
  expectThat(!keys.includes(key), `${key} is listed.`);
}

/** Keys below a prefix, sorted. */
export async function keysIn(
  destination: Destination,
  prefix: string,
  signal: AbortSignal,
): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of destination.list(prefix, signal)) keys.push(key);
  return keys.sort();
}

function broken(what: string): Error {
  return fail('unsupported', what, {
    hint: 'This place does not do what a backup needs; please report it with its name and version.',
  });
}
