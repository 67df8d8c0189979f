import type { AnyAuthMethod, AuthHandlerMiddleware, ConnectConfig, Prompt } from 'ssh2';
import ssh2 from 'ssh2';

import { type CloudrollError, fail } from '../../../../shared/domain/failure.ts';
import type { FileSystem } from '../../ports/file-system.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { SftpSettings } from './settings.ts';

export interface SignInPorts {
  readonly secrets: Secrets;
  readonly fileSystem: FileSystem;
  /** Where the SSH agent of this computer listens; undefined where there is none. */
  readonly sshAgent?: string;
}

/** What a person gave to be let in with. */
interface Given {
  readonly username: string;
  readonly password: string | undefined;
  readonly key: string | undefined;
  readonly passphrase: string | undefined;
  /** Only where neither password nor key was given: those are meant, and an agent's keys use up the attempts. */
  readonly agent: string | undefined;
}

type Method = Exclude<AnyAuthMethod['type'], 'none' | 'hostbased'>;

const longestKey = 64 * 1024;

/**
 * One sign-in, in which nothing is tried twice: the server is asked what it takes (RFC 4252 section 5.2), and of
 * that comes the key, the agent's keys, the password, and the password as the answer to the one question of a
 * server that lets people in by questions only (keyboard-interactive, RFC 4256).
 */
export class SftpSignIn {
  readonly #host: string;
  readonly #given: Given;

  private constructor(host: string, given: Given) {
    this.#host = host;
    this.#given = given;
  }

  /** Finds what to sign in with; `auth` where there is nothing or a key cannot be used. */
  static async prepare(settings: SftpSettings, ports: SignInPorts): Promise<SftpSignIn> {
    const { name, identity, host } = settings;
    const find = (secret: string): Promise<string | undefined> => ports.secrets.find(name, secret);
    const username = await find('CLOUDROLL_USERNAME');
    if (username === undefined) {
      throw fail(
        'auth',
        'There is no sign-in for the SFTP server: CLOUDROLL_USERNAME is not set.',
        {
          hint: 'Set the environment variable CLOUDROLL_USERNAME, and a password or private key.',
        },
      );
    }
    const password = await find('CLOUDROLL_PASSWORD');
    const key =
      identity === undefined
        ? await find('CLOUDROLL_PRIVATE_KEY')
        : await readKey(identity, ports.fileSystem);
    const passphrase = await find('CLOUDROLL_KEY_PASSWORD');
    const agent = password === undefined && key === undefined ? ports.sshAgent : undefined;
    if (password === undefined && key === undefined && agent === undefined) {
      throw fail('auth', 'There is no password, private key or SSH agent for the SFTP server.', {
        hint: 'Set CLOUDROLL_PASSWORD or CLOUDROLL_PRIVATE_KEY, or add identity=/path/of/the/key to the destination.',
      });
    }
    if (key !== undefined) requireReadable(key, passphrase);
    return new SftpSignIn(host, { username, password, key, passphrase, agent });
  }

  /** @param giveUp is called where going on makes no sense */
  config(giveUp: (failure: CloudrollError) => void): ConnectConfig {
    const { username } = this.#given;
    return { username, authHandler: this.#handler(giveUp) };
  }

  /** Why the server did not let us in, once all was tried that it takes. */
  refusal(cause: unknown): CloudrollError {
    const { agent, key, password } = this.#given;
    if (agent !== undefined) {
      return fail('auth', `${this.#host} accepts none of the keys in the SSH agent.`, {
        hint: 'Look with "ssh-add -l" whether it is unlocked and holds the right key, and add that with ssh-add; or give a password or private key.',
        cause,
      });
    }
    const [given, checked] =
      key === undefined
        ? ['password', 'CLOUDROLL_PASSWORD']
        : password === undefined
          ? ['private key', 'the place of the key among the authorized keys']
          : ['private key or password', 'CLOUDROLL_PASSWORD, or the key among the authorized keys'];
    return fail('auth', `${this.#host} does not accept the user name and ${given}.`, {
      hint: `Check CLOUDROLL_USERNAME and ${checked}.`,
      cause,
    });
  }

  #handler(giveUp: (failure: CloudrollError) => void): AuthHandlerMiddleware {
    const left = this.#methods(giveUp);
    return (offered: readonly string[] | null, partial: boolean | null, next) => {
      // What there is comes with the refusal of this one.
      if (offered === null) {
        next({ type: 'none', username: this.#given.username });
        return;
      }
      const at = left.findIndex(({ type }) => offered.includes(wireName(type)));
      const [method] = at === -1 ? [] : left.splice(at, 1);
      if (method === undefined) {
        const cause = new Error(`the server takes ${offered.join(', ')}`);
        giveUp(partial === true ? asksForMore(this.#host) : this.refusal(cause));
        return;
      }
      // A password is one attempt, whichever way the server asks for it.
      if (method.type === 'password') {
        const questions = left.findIndex(({ type }) => type === 'keyboard-interactive');
        if (questions !== -1) left.splice(questions, 1);
      }
      next(method);
    };
  }

  #methods(giveUp: (failure: CloudrollError) => void): (AnyAuthMethod & { type: Method })[] {
    const { username, password, key, passphrase, agent } = this.#given;
    const methods: (AnyAuthMethod & { type: Method })[] = [];
    if (key !== undefined) {
      const secret = passphrase === undefined ? {} : { passphrase };
      methods.push({ type: 'publickey', username, key, ...secret });
    }
    if (agent !== undefined) methods.push({ type: 'agent', username, agent });
    if (password !== undefined) {
      methods.push({ type: 'password', username, password });
      const prompt = this.#answers(password, giveUp);
      methods.push({ type: 'keyboard-interactive', username, prompt });
    }
    return methods;
  }

  /** Answers the one question for a password, once; any other is for a person, who is not there. */
  #answers(password: string, giveUp: (failure: CloudrollError) => void) {
    let asked: string | undefined;
    return (
      _name: string,
      _instructions: string,
      _language: string,
      prompts: readonly Prompt[],
      finish: (answers: string[]) => void,
    ): void => {
      const [first] = prompts;
      const question = first?.prompt.trim().toLowerCase() ?? '';
      if (prompts.length === 1 && first?.echo !== true && asked === undefined) {
        asked = question;
        finish([password]);
      } else if (prompts.length === 1 && question === asked) {
        giveUp(this.refusal(new Error('the server asks again')));
      } else {
        giveUp(asksForMore(this.#host));
      }
    };
  }
}

/** The server wants an answer that only a person can give. */
function asksForMore(host: string): CloudrollError {
  return fail('auth', `${host} asks for more than a password at the sign-in.`, {
    hint: 'Give this account a private key that the server lets in without further questions.',
  });
}

export function wantsNewPassword(): CloudrollError {
  return fail('auth', 'The server wants a new password for this account first.', {
    hint: 'Sign in there once with another program, such as ssh, and set a new password; then enter it here.',
  });
}

/** As the server calls it in its list. */
function wireName(method: Method): string {
  return method === 'agent' ? 'publickey' : method;
}

async function readKey(path: string, fileSystem: FileSystem): Promise<string> {
  try {
    return Buffer.from(await fileSystem.readFile(path, longestKey)).toString('utf8');
  } catch (cause) {
    throw fail('auth', `The private key ${path} cannot be read.`, {
      hint: 'Check its path and that you may read it.',
      cause,
    });
  }
}

function requireReadable(key: string, passphrase: string | undefined): void {
  const parsed = ssh2.utils.parseKey(key, passphrase);
  if (!(parsed instanceof Error)) return;
  const encrypted = /encrypt|passphrase|decrypt|integrity/iu.test(parsed.message);
  throw encrypted
    ? fail('auth', 'The private key is encrypted and its password is missing or wrong.', {
        hint: 'Set CLOUDROLL_KEY_PASSWORD.',
      })
    : fail('auth', 'The private key is not one that can be used.', {
        hint: 'It has to be an OpenSSH or PEM private key, not the public one.',
      });
}
