import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A certificate for names of other people's servers, and the authority that signed it: nobody else trusts it. */
export interface Certificate {
  /** The authority's certificate, as programs are told to trust it. */
  readonly authorityFile: string;
  readonly certificate: string;
  readonly privateKey: string;
  readonly remove: () => Promise<void>;
}

/**
 * Made for two days by OpenSSL 3, in a folder of its own.
 * @throws where that is not installed
 */
export async function makeCertificate(names: readonly string[]): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudroll-certificate-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const at = (name: string): string => join(folder, name);
  const request = (file: string, subject: string, ...options: string[]): Promise<unknown> => {
    const out = ['-keyout', at(`${file}.key`), '-out', at(`${file}.pem`)];
    return run('openssl', [
      ...['req', '-x509', '-days', '2', '-subj', `/CN=${subject}`, ...curve, ...out],
      ...options.flatMap((option) => ['-addext', option]),
      ...(file === 'server' ? ['-CA', at('authority.pem'), '-CAkey', at('authority.key')] : []),
    ]);
  };
  try {
    await request('authority', 'Authority of one test run', 'keyUsage=critical,keyCertSign');
    await request(
      ...(['server', 'Server of one test run', 'basicConstraints=critical,CA:FALSE'] as const),
      `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`,
      'extendedKeyUsage=serverAuth',
    );
    return {
      authorityFile: at('authority.pem'),
      certificate: await readFile(at('server.pem'), 'utf8'),
      privateKey: await readFile(at('server.key'), 'utf8'),
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
