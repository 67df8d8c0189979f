import { mkdir } from 'node:fs/promises';

import { fail } from '../../../shared/domain/failure.ts';
import {
  intercept,
  type Interceptor,
} from '../../../electron/engine/destinations/decorators/intercept.ts';
import { fileKind } from '../../../electron/engine/destinations/file/file-kind.ts';
import type { BackupKind, KindCard } from '../../../electron/engine/destinations/kind.ts';
import type {
  AccessTokens,
  SignInProvider,
} from '../../../electron/engine/destinations/sign-in.ts';

/**
 * A kind of destination at a test provider, `testcloud:///FOLDER?account=…`: folders below `root`, one for each
 * account. Each call shows the provider its access token first, which has to be one of that account.
 */
export function signedInKind(root: string, provider: SignInProvider): BackupKind {
  const { secrets } = provider;
  const text = (word: string) => ({ en: word, ko: word });
  const field = { help: null, placeholder: '', choices: [] };
  const card: KindCard = {
    id: 'testcloud',
    title: text('Test Cloud'),
    description: text('For tests.'),
    icon: 'cloud',
    console: null,
    fields: [
      {
        ...field,
        name: secrets.refreshToken,
        label: text('Account'),
        type: 'signIn',
        required: true,
      },
      { ...field, name: 'folder', label: text('Folder'), type: 'text', required: false },
      {
        ...field,
        name: secrets.clientId,
        label: text('Client ID'),
        type: 'secret',
        required: false,
      },
    ],
    urlOf: ({ folder = 'Cloudroll', account }) => ({
      scheme: 'testcloud',
      authority: '',
      path: folder,
      query: account === undefined ? {} : { account },
    }),
  };
  return {
    scheme: 'testcloud',
    title: 'Test Cloud',
    example: 'testcloud:///Cloudroll?account=me@example.com',
    secrets: Object.values(secrets).filter((name) => name !== null),
    cards: [card],
    signIn: () => provider,
    open: async (url, context) => {
      const tokens = context.accessTokens?.(provider);
      if (tokens === undefined) throw fail('bug', 'There is no way to get tokens.');
      const account = url.query['account'] ?? '';
      await mkdir(`${root}/${account}`, { recursive: true });
      const path = `${root}/${account}/${url.path}`;
      const folder = await fileKind.open({ ...url, scheme: 'file', path, query: {} }, context);
      return intercept(folder, shownToken(provider, tokens, account));
    },
  };
}

function shownToken(provider: SignInProvider, tokens: AccessTokens, account: string): Interceptor {
  const show = async (signal: AbortSignal): Promise<void> => {
    const found = await provider.account(await tokens.get(signal), signal);
    if (account !== '' && found !== account) throw fail('auth', 'The token is of another account.');
  };
  return {
    around: async (_call, signal, run) => {
      await show(signal);
      return run();
    },
    aroundStream: async function* (_call, signal, run) {
      await show(signal);
      yield* run();
    },
  };
}
