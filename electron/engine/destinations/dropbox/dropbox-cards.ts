import type { DestinationField } from '../../../../shared/contract/app/destinations.ts';
import type { DestinationUrl } from '../../../../shared/domain/destination-url.ts';
import { cardField, signedInUrl } from '../common/signed-in-card.ts';
import type { KindCard } from '../kind.ts';
import { dropboxConsole, dropboxLoopback, dropboxSecrets } from './dropbox-sign-in.ts';
import { dropboxSettingsOf } from './settings.ts';

const addresses = dropboxLoopback.ports
  .map((port) => `http://${dropboxLoopback.host}:${String(port)}${dropboxLoopback.path}`)
  .join(', ');

const fields: readonly DestinationField[] = [
  cardField(
    'signIn',
    dropboxSecrets.refreshToken,
    { en: 'Dropbox account', ko: 'Dropbox 계정' },
    {
      en: 'Your browser opens and asks whether Cloudroll may keep files in your Dropbox.',
      ko: '브라우저가 열리고, Cloudroll이 Dropbox에 파일을 보관해도 되는지 물어봅니다.',
    },
  ),
  cardField(
    'text',
    'folder',
    { en: 'Folder', ko: '폴더' },
    {
      en: 'It is made in your Dropbox where there is none. Leave it to Cloudroll alone.',
      ko: 'Dropbox에 없으면 새로 만듭니다. Cloudroll만 쓰는 폴더로 두세요.',
    },
  ),
  cardField(
    'secret',
    dropboxSecrets.clientId,
    { en: 'App key of your own', ko: '직접 만든 앱 키' },
    {
      en: `Only for an app that you registered yourself: in the App Console choose Create app, Scoped access; under Permissions turn on account_info.read, files.metadata.read, files.content.read and files.content.write; under Settings add the redirect addresses ${addresses}; copy the App key.`,
      ko: `앱을 직접 등록했을 때만 적으세요. 앱 콘솔에서 Create app → Scoped access를 고르고, Permissions에서 account_info.read, files.metadata.read, files.content.read, files.content.write를 켠 다음, Settings의 Redirect URIs에 ${addresses} 를 넣고 App key를 복사하면 됩니다.`,
    },
  ),
];

export const dropboxCards: readonly KindCard[] = [
  {
    id: 'dropbox',
    title: { en: 'Dropbox', ko: 'Dropbox' },
    description: {
      en: 'Your Dropbox, without its own program. Photos count towards its space.',
      ko: 'Dropbox 프로그램 없이 바로 올립니다. 사진은 Dropbox 용량을 차지합니다.',
    },
    icon: 'dropbox',
    console: dropboxConsole,
    fields: [...fields],
    urlOf,
  },
];

function urlOf(values: Readonly<Record<string, string>>): DestinationUrl {
  const url = signedInUrl('dropbox', values, 'folder');
  dropboxSettingsOf(url);
  return url;
}
