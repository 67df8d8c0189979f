import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import ssh2, { type AuthContext } from 'ssh2';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';

import {
  collect,
  sha256Of,
  someBytes,
  sourceOf,
} from '../../electron/engine/destinations/validation/sources.ts';
import { failureOf } from '../../shared/domain/failure.ts';
import { hashesBelow, jpeg, Workspace } from '../support/cli/workspace.ts';
import { decorated, openDestination } from '../support/destinations/open-destination.ts';
import { provide } from '../support/services/local-server.ts';
import { startSshAgent, type SshAgent } from '../support/services/ssh-agent.ts';
import { startAccountSshd } from '../support/services/sshd-accounts.ts';
import { startSshd } from '../support/services/sshd.ts';

const signal = new AbortController().signal;

interface SignIn {
  readonly url: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly sshAgent?: string;
}

/** As the engine uses it: with repetitions, which must not become a storm of wrong passwords. */
async function failureAt({ url, secrets, sshAgent }: SignIn) {
  const changes = sshAgent === undefined ? {} : { sshAgent };
  const destination = decorated(await openDestination(url, secrets, changes));
  try {
    return await destination.check(signal).then(() => null, failureOf);
  } finally {
    await destination.close();
  }
}

async function keepsAPhoto({ url, secrets, sshAgent }: SignIn): Promise<void> {
  const changes = sshAgent === undefined ? {} : { sshAgent };
  const destination = decorated(await openDestination(url, secrets, changes));
  try {
    const bytes = someBytes(300_000);
    await destination.check(signal);
    await destination.put('2024/05/a.jpg', sourceOf(bytes), {}, signal);
    const back = await collect(destination.open('2024/05/a.jpg', null, signal));
    expect(sha256Of(back)).toBe(sha256Of(bytes));
  } finally {
    await destination.close();
  }
}

const byKey = await provide('OpenSSH', startSshd);
if ('skipReason' in byKey) {
  describe('SFTP with an SSH agent', () => {
    test.skip(byKey.skipReason, () => undefined);
  });
} else {
  afterAll(() => byKey.stop());

  describe('SFTP with an SSH agent', () => {
    let agent: SshAgent;
    beforeEach(async () => {
      agent = await startSshAgent();
    });
    afterEach(() => agent.stop());

    const at = (): SignIn => ({
      url: `sftp://127.0.0.1:${String(byKey.port)}${byKey.root}/${randomUUID()}`,
      secrets: { CLOUDROLL_USERNAME: byKey.user },
      sshAgent: agent.socket,
    });

    test('a key in the agent is let in, also behind others', async () => {
      await agent.addStranger();
      await agent.add(byKey.keyPath);
      await keepsAPhoto(at());
    });

    test('the command line takes the agent of its environment: sync, verify, restore', async () => {
      await agent.add(byKey.keyPath);
      await using workspace = await Workspace.create();
      await workspace.write('a.jpg', await jpeg(1));
      const { url, secrets } = at();
      const environment = { ...secrets, SSH_AUTH_SOCK: agent.socket };
      const sync = await workspace.sync(['--to', url], { environment });
      expect(sync.last()).toMatchObject({ uploaded: 1, failed: 0 });
      const verify = await workspace.run(['verify', '--read-data', '--json'], { environment });
      expect(verify.last()).toMatchObject({ expected: 2, intact: 2, read: 2 });
      const into = workspace.path('restored');
      const restore = ['restore', '--from', url, '--into', into];
      expect((await workspace.run(restore, { environment })).status).toBe(0);
      const [folder = ''] = await readdir(into);
      expect(await hashesBelow(join(into, folder))).toEqual(await hashesBelow(workspace.photos));
    });

    test('an agent without the right key, or locked, says so and what to do', async () => {
      const refused = {
        code: 'auth',
        message: '127.0.0.1 accepts none of the keys in the SSH agent.',
      };
      expect(await failureAt(at())).toMatchObject(refused);
      await agent.addStranger();
      expect(await failureAt(at())).toMatchObject(refused);
      await agent.add(byKey.keyPath);
      await agent.lock();
      expect(await failureAt(at())).toMatchObject(refused);
      await agent.unlock();
      expect(await failureAt(at())).toBeNull();
    });

    test('more keys than the server lets try are no broken connection', async () => {
      for (let count = 0; count < 8; count += 1) await agent.addStranger();
      await agent.add(byKey.keyPath);
      expect(await failureAt(at())).toMatchObject({ code: 'auth' });
    });

    test('an agent that is gone says so; a key that was given comes without it', async () => {
      const gone = { ...at(), sshAgent: `${agent.socket}-gone` };
      expect(await failureAt(gone)).toMatchObject({
        code: 'auth',
        message: 'The SSH agent of this computer does not answer.',
      });
      const key = await readFile(byKey.keyPath, 'utf8');
      const secrets = { ...gone.secrets, CLOUDROLL_PRIVATE_KEY: key };
      expect(await failureAt({ ...gone, secrets })).toBeNull();
    });
  });
}

for (const asks of ['password', 'questions'] as const) {
  const server = await provide(`OpenSSH with ${asks}`, () => startAccountSshd(asks));
  describe(`SFTP with a password, asked for as ${asks}`, () => {
    if ('skipReason' in server) {
      test.skip(server.skipReason, () => undefined);
      return;
    }
    afterAll(() => server.stop());
    const at = (password: string): SignIn => ({
      url: `sftp://127.0.0.1:${String(server.port)}/~/${randomUUID()}`,
      secrets: { CLOUDROLL_USERNAME: server.user, CLOUDROLL_PASSWORD: password },
    });

    test('the right one is let in', async () => {
      const before = await server.failures();
      await keepsAPhoto(at(server.password));
      expect(await server.failures()).toBe(before);
    });

    test('a wrong one is one attempt, at once', async () => {
      const before = await server.failures();
      const failure = await failureAt(at('wrong'));
      expect(failure).toMatchObject({
        code: 'auth',
        message: '127.0.0.1 does not accept the user name and password.',
        hint: 'Check CLOUDROLL_USERNAME and CLOUDROLL_PASSWORD.',
      });
      expect(await server.failures()).toBe(before + 1);
    });
  });
}

describe('what an SSH server may ask for', () => {
  const { private: hostKey } = ssh2.utils.generateKeyPairSync('ed25519');

  /** A sign-in at a server that answers every attempt as told; `attempts` are those after the first look. */
  async function meeting(answer: (context: AuthContext, attempt: number) => void) {
    const attempts: string[] = [];
    const server = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
      client.on('error', () => undefined);
      client.on('authentication', (context) => {
        if (context.method !== 'none') attempts.push(context.method);
        answer(context, attempts.length);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const listens = server.address();
    if (listens === null || typeof listens === 'string') throw new Error('no port to be had');
    const { port } = listens;
    const secrets = { CLOUDROLL_USERNAME: 'me', CLOUDROLL_PASSWORD: 'secret' };
    const failure = await failureAt({ url: `sftp://127.0.0.1:${String(port)}/a`, secrets });
    server.close();
    return { failure, attempts };
  }

  const asksPerson = {
    code: 'auth',
    message: '127.0.0.1 asks for more than a password at the sign-in.',
  };

  test('the one question for a password gets it', async () => {
    const answers: string[][] = [];
    const { failure, attempts } = await meeting((context) => {
      if (context.method !== 'keyboard-interactive') context.reject(['keyboard-interactive']);
      else
        context.prompt([{ prompt: 'Password: ', echo: false }], (given) => {
          answers.push(given);
          context.accept();
        });
    });
    expect(answers).toEqual([['secret']]);
    expect(attempts).toEqual(['keyboard-interactive']);
    // It let us in and offers nothing there.
    expect(failure?.code).not.toBe('auth');
  });

  test('any other question is never answered with the password', async () => {
    for (const prompts of [
      [{ prompt: 'One-time code: ', echo: true }],
      [
        { prompt: 'Password: ', echo: false },
        { prompt: 'One-time code: ', echo: false },
      ],
    ]) {
      let answered = false;
      const { failure } = await meeting((context) => {
        if (context.method !== 'keyboard-interactive') context.reject(['keyboard-interactive']);
        else
          context.prompt(prompts, () => {
            answered = true;
            context.reject();
          });
      });
      expect(failure).toMatchObject(asksPerson);
      expect(answered).toBe(false);
    }
  });

  test('a question after the password, of a second factor, is not answered with it either', async () => {
    const answers: string[][] = [];
    const { failure } = await meeting((context) => {
      if (context.method !== 'keyboard-interactive') context.reject(['keyboard-interactive']);
      else
        context.prompt([{ prompt: 'Password: ', echo: false }], (given) => {
          answers.push(given);
          context.prompt([{ prompt: 'Code: ', echo: false }], (more) => answers.push(more));
        });
    });
    expect(failure).toMatchObject(asksPerson);
    expect(answers).toEqual([['secret']]);
  });

  test('a server that asks the same again did not take the password', async () => {
    let asked = 0;
    const { failure } = await meeting((context) => {
      if (context.method !== 'keyboard-interactive') {
        context.reject(['keyboard-interactive']);
        return;
      }
      const ask = (): void => {
        asked += 1;
        context.prompt([{ prompt: 'Password: ', echo: false }], ask);
      };
      ask();
    });
    expect(failure).toMatchObject({
      code: 'auth',
      message: '127.0.0.1 does not accept the user name and password.',
    });
    expect(asked).toBe(2);
  });

  test('a second factor after the password is refused without trying the password again', async () => {
    const { failure, attempts } = await meeting((context) => {
      if (context.method === 'password') context.reject(['keyboard-interactive'], true);
      else context.reject(['password', 'keyboard-interactive']);
    });
    expect(failure).toMatchObject(asksPerson);
    expect(attempts).toEqual(['password']);
  });

  test('a password that has to be changed first says so', async () => {
    const { failure } = await meeting((context) => {
      if (context.method === 'password') context.requestChange('New password: ', () => undefined);
      else context.reject(['password']);
    });
    expect(failure).toMatchObject({
      code: 'auth',
      message: 'The server wants a new password for this account first.',
    });
  });
});
