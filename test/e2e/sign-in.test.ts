import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { withinSecretService, whyNoSecretService } from '../support/cli/keychain-session.ts';
import { runCli, type CliResult } from '../support/cli/run-cli.ts';
import { refuseSignIn, signInAs } from '../support/sign-in/person.ts';
import { publicClient, secretClient, SignInServer } from '../support/sign-in/sign-in-server.ts';

const client = {
  CLOUDROLL_GOOGLE_CLIENT_ID: secretClient.id,
  CLOUDROLL_GOOGLE_CLIENT_SECRET: secretClient.secret,
};
const noKeychain = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' };
const whyNot = whyNoSecretService();
const reason = whyNot === null ? '' : ` (${whyNot})`;

async function surroundings() {
  const server = await SignInServer.start();
  const home = await mkdtemp(path.join(tmpdir(), 'cloudroll-sign-in-'));
  onTestFinished(async () => {
    await server[Symbol.asyncDispose]();
    await rm(home, { recursive: true, force: true });
  });
  const environment = {
    HOME: home,
    XDG_RUNTIME_DIR: home,
    XDG_DATA_HOME: path.join(home, 'data'),
    CLOUDROLL_ENDPOINT_GOOGLE_SIGN_IN: server.address,
    CLOUDROLL_ENDPOINT_GDRIVE: server.address,
  };
  return { server, home, environment };
}

type Person = (address: string) => Promise<unknown>;

/** Runs the command, and has a person go to the address that it prints. */
async function signIn(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  person: Person,
  within: readonly string[] = [],
): Promise<CliResult> {
  const visits: Promise<unknown>[] = [];
  const result = await runCli(['sign-in', ...args, '--no-browser'], {
    ...{ environment, within },
    onOutput: (_child, stdout) => {
      const [address] =
        /http:\/\/127\.0\.0\.1:\d+\/o\/oauth2\/v2\/auth\?[^\s"]+/u.exec(stdout) ?? [];
      if (address !== undefined && visits.length === 0) visits.push(person(address));
    },
  });
  await Promise.all(visits);
  return result;
}

/** What every file below a folder holds; the keyring clears its own folder away at its end, perhaps meanwhile. */
async function textsBelow(folder: string): Promise<string[]> {
  const entries = await unlessGone(readdir(folder, { withFileTypes: true }), []);
  const texts = entries.map((entry): Promise<string[]> => {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) return textsBelow(place);
    if (!entry.isFile()) return Promise.resolve([]);
    return unlessGone(
      readFile(place, 'latin1').then((text) => [text]),
      [],
    );
  });
  return (await Promise.all(texts)).flat();
}

async function unlessGone<T>(work: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return otherwise;
    throw error;
  }
}

const asMina: Person = (address) => signInAs('mina', address);

test.skipIf(whyNot !== null)(
  `signs in, keeps it in a real Secret Service, uses it and signs out${reason}`,
  async () => {
    const { server, home, environment } = await surroundings();
    const within = withinSecretService;
    const signedIn = await signIn(['gdrive'], { ...environment, ...client }, asMina, within);
    expect(signedIn.status).toBe(0);
    expect(signedIn.stdout).toContain('You are signed in as mina@example.com.');
    const [, url = ''] = /--to "([^"]+)"/u.exec(signedIn.stdout) ?? [];
    expect(url).toBe('gdrive:///Cloudroll?account=mina@example.com');
    // Its own client came along into the keychain: the environment is not needed any more.
    const used = await runCli(['check', url], { environment, within });
    expect(used.status).not.toBe(0);
    const [refresh] = server.grants('refresh_token');
    expect(refresh?.get('client_secret')).toBe(secretClient.secret);
    const token = refresh?.get('refresh_token') ?? 'none';
    const signedOut = await runCli(['sign-out', url, '--json'], { environment, within });
    expect(signedOut.last()).toEqual({ event: 'summary', revocation: 'revoked' });
    expect(server.seen.find((request) => request.path === '/revoke')?.body.get('token')).toBe(
      token,
    );
    const after = await runCli(['check', url], { environment, within });
    expect(after.status).toBe(3);
    expect(after.stderr).toContain('cloudroll sign-in gdrive');
    const again = await runCli(['sign-out', url], { environment, within });
    expect(again.status).toBe(1);
    const access = server.seen.flatMap(({ authorization }) => authorization ?? []);
    const secrets = [
      token,
      secretClient.secret,
      ...access.map((one) => one.replace('Bearer ', '')),
    ];
    const shown = [signedIn, used, signedOut, after, again].map((one) => one.stdout + one.stderr);
    shown.push(...(await textsBelow(home)));
    // The catalogue, the log and the keyring itself at least: nothing would prove nothing.
    expect(shown.length).toBeGreaterThan(5);
    for (const secret of secrets) {
      expect(shown.some((text) => text.includes(secret))).toBe(false);
    }
  },
);

test('without a keychain it says so before the browser, and leaves the choice', async () => {
  const { server, environment } = await surroundings();
  const around = { ...environment, ...noKeychain, ...client };
  const refused = await runCli(['sign-in', 'gdrive', '--no-browser'], { environment: around });
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain('--print-token');
  expect(refused.stderr).toContain('CLOUDROLL_GDRIVE_REFRESH_TOKEN');
  expect(server.seen).toEqual([]);
  const korean = await runCli(['sign-in', 'gdrive', '--lang', 'ko'], { environment: around });
  expect(korean.stderr).toContain('키체인의 잠금을 푸세요');
  const args = ['gdrive:///사진?account=mina@example.com', '--print-token', '--json'];
  const printed = await signIn(args, around, asMina);
  expect(printed.status).toBe(0);
  const lines = printed.json().filter(({ event }) => event === 'secret');
  const given = Object.fromEntries(lines.map(({ name, value }) => [String(name), String(value)]));
  expect(Object.keys(given)).toEqual(['CLOUDROLL_GDRIVE_REFRESH_TOKEN', ...Object.keys(client)]);
  expect(printed.last()['url']).toBe('gdrive:///사진?account=mina@example.com');
  const script = { ...environment, ...noKeychain, ...given };
  await runCli(['check', 'gdrive:///사진'], { environment: script });
  expect(server.grants('refresh_token')).toHaveLength(1);
});

test('no client, no sign-in, another account and a refusal are told with what to do', async () => {
  const { environment } = await surroundings();
  const none = await runCli(['sign-in', 'gdrive', '--print-token'], { environment });
  expect(none.status).toBe(2);
  expect(none.stderr).toContain('https://console.cloud.google.com/auth/clients');
  const unknown = await runCli(['sign-in', 'file:///media'], { environment });
  expect(unknown.status).toBe(2);
  expect(unknown.stderr).toContain('gdrive');
  const around = { ...environment, CLOUDROLL_GOOGLE_CLIENT_ID: publicClient };
  const url = 'gdrive:///Photos?account=jun@example.com';
  const other = await signIn([url, '--print-token'], around, asMina);
  expect(other.status).toBe(2);
  expect(other.stderr).toContain('You signed in as mina@example.com');
  expect(other.stdout).not.toContain('REFRESH_TOKEN');
  const refused = await signIn(['gdrive', '--print-token'], around, refuseSignIn);
  expect(refused.status).toBe(3);
  expect(refused.stderr).toContain('The sign-in was cancelled at Google.');
});
