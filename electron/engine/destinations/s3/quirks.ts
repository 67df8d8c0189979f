import { CloudrollError } from '../../../../shared/domain/failure.ts';
import type { Random } from '../../ports/random.ts';
import type { S3Connection } from './connection.ts';
import { base64OfHex, md5Of, md5OfEtag, sha256Of, sha256OfBase64 } from './digests.ts';
import { beforeSigning, signedFor } from './sign-payload.ts';

/** What a server really does, as far as a few small requests can show. */
export interface Quirks {
  /** Whether `If-None-Match: *` on a put refuses a second object. */
  readonly conditionalPut: boolean;
  /**
   * `verified`: hashes the bytes that arrive and refuses others than were signed. `reported`: refuses them
   * by their checksum, and gives the one it computed with the object.
   */
  readonly sha256: 'reported' | 'verified' | 'unsupported';
  /** Whether the ETag of an object that was put in one piece is its MD5. */
  readonly etagIsMd5: boolean;
}

/** Of a server that nothing is known about. */
export const cautiousQuirks: Quirks = {
  conditionalPut: false,
  sha256: 'unsupported',
  etagIsMd5: false,
};

/** Learns a server's quirks from objects below `.cloudroll/probe/`, which are gone afterwards. */
export async function probeQuirks(
  connection: S3Connection,
  random: Random,
  signal: AbortSignal,
): Promise<Quirks> {
  const id = Buffer.from(random.bytes(12)).toString('hex');
  const wrongKeys = [`.cloudroll/probe/${id}-wrong`, `.cloudroll/probe/${id}-false`] as const;
  const rightKey = `.cloudroll/probe/${id}-right`;
  const probe = new Probe(connection, signal);
  try {
    const [refusesChecksum, refusesPayload, first] = await Promise.all([
      probe.refusesWrongChecksum(wrongKeys[0]),
      probe.refusesWrongPayload(wrongKeys[1]),
      probe.putWithAll(rightKey),
    ]);
    const conditionalPut = first.conditional && (await probe.refusesSecond(rightKey));
    return {
      conditionalPut,
      sha256:
        refusesChecksum && first.sha256 ? 'reported' : refusesPayload ? 'verified' : 'unsupported',
      etagIsMd5: first.etagIsMd5,
    };
  } finally {
    await Promise.allSettled([rightKey, ...wrongKeys].map((key) => probe.remove(key)));
  }
}

const body = Buffer.from('This object was made by Cloudroll to learn what the server can do.\n');
const bodySha256 = base64OfHex(sha256Of(body));
const otherSha256 = sha256Of(Buffer.from('other bytes'));
const bodyMd5 = base64OfHex(md5Of(body));

interface FirstPut {
  readonly conditional: boolean;
  readonly sha256: boolean;
  readonly etagIsMd5: boolean;
}

class Probe {
  readonly #connection: S3Connection;
  readonly #signal: AbortSignal;

  constructor(connection: S3Connection, signal: AbortSignal) {
    this.#connection = connection;
    this.#signal = signal;
  }

  async refusesWrongChecksum(key: string): Promise<boolean> {
    const wrong = { ChecksumSHA256: base64OfHex(otherSha256) };
    return (await this.#accepted(() => this.#put(key, wrong))) === null;
  }

  async refusesWrongPayload(key: string): Promise<boolean> {
    return (await this.#accepted(() => this.#put(key, {}, otherSha256))) === null;
  }

  /** Puts with everything modern, and with less and less until the server takes it. */
  async putWithAll(key: string): Promise<FirstPut> {
    for (const [conditional, sha256] of combinations) {
      const output = await this.#accepted(() =>
        this.#put(key, {
          ...(conditional ? { IfNoneMatch: '*' } : {}),
          ...(sha256 ? { ChecksumSHA256: bodySha256 } : { ContentMD5: bodyMd5 }),
        }),
      );
      if (output === null) continue;
      return {
        conditional,
        sha256: sha256 && sha256OfBase64(output.ChecksumSHA256) === sha256Of(body),
        etagIsMd5: md5OfEtag(output.ETag) === md5Of(body),
      };
    }
    // Plainer cannot be: what comes out now is the reason for all the refusals.
    const output = await this.#connection.run(() => this.#put(key, {}), this.#signal);
    return { conditional: false, sha256: false, etagIsMd5: md5OfEtag(output.ETag) === md5Of(body) };
  }

  async refusesSecond(key: string): Promise<boolean> {
    const second = await this.#accepted(() => this.#put(key, { IfNoneMatch: '*' }));
    return second === null;
  }

  async remove(key: string): Promise<void> {
    const { bucket, prefix } = this.#connection.settings;
    await this.#connection.run(
      ({ client, sdk }) =>
        client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key: `${prefix}${key}` })),
      AbortSignal.timeout(5_000),
    );
  }

  #put(key: string, extra: PutExtra, signedSha256 = sha256Of(body)): Promise<PutOutput> {
    const { bucket, prefix } = this.#connection.settings;
    return this.#connection.run(({ client, sdk }) => {
      const command = new sdk.PutObjectCommand({
        Bucket: bucket,
        Key: `${prefix}${key}`,
        Body: body,
        ContentLength: body.length,
        ContentType: 'text/plain',
        ...extra,
      });
      command.middlewareStack.add(
        (next) => async (args) => {
          await this.#connection.learnAddress(args.request, `${prefix}${key}`);
          return next(signedFor(args, signedSha256));
        },
        beforeSigning,
      );
      return client.send(command, { abortSignal: this.#signal });
    }, this.#signal);
  }

  /** Null where the server refuses this very form of the request; other failures come through. */
  async #accepted<T>(request: () => Promise<T>): Promise<T | null> {
    try {
      return await request();
    } catch (error) {
      if (error instanceof CloudrollError && refusals.has(error.failure.code)) return null;
      throw error;
    }
  }
}

interface PutOutput {
  readonly ETag?: string | undefined;
  readonly ChecksumSHA256?: string | undefined;
}

interface PutExtra {
  readonly IfNoneMatch?: string;
  readonly ChecksumSHA256?: string;
  readonly ContentMD5?: string;
}

const combinations = [
  [true, true],
  [false, true],
  [true, false],
  [false, false],
] as const;

const refusals: ReadonlySet<string> = new Set(['unsupported', 'conflict', 'corrupt']);
