import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

const clientVariable = /^CLOUDROLL_[A-Z0-9]+(?:_[A-Z0-9]+)*_CLIENT_(?:ID|SECRET)$/u;

/**
 * Leaves the OAuth clients that this build brings along beside the engine: those that the environment of the
 * build names, such as `CLOUDROLL_DROPBOX_CLIENT_ID`; none without any, and then people bring their own. What a
 * desktop app carries is no secret (RFC 8252 section 8.5), but none of it stands in the repository.
 *
 * @param folder of the built engine; read by `electron/engine/sign-in/built-clients.ts`
 */
export async function writeSignInClients(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const clients = Object.entries(environment).filter(
    ([name, value]) => clientVariable.test(name) && value !== undefined && value !== '',
  );
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, 'sign-in-clients.json');
  await writeFile(file, `${JSON.stringify(Object.fromEntries(clients), null, 2)}\n`);
}
