import type {
  DestinationField,
  LocalizedText,
} from '../../../../shared/contract/app/destinations.ts';
import { parseDestinationUrl } from '../../../../shared/domain/destination-url.ts';
import type { DestinationUrl } from '../../../../shared/domain/destination-url.ts';
import { fail } from '../../../../shared/domain/failure.ts';
import type { KindCard } from '../kind.ts';
import { webdavSettingsOf } from './settings.ts';

interface Provider {
  readonly id: string;
  readonly title: LocalizedText;
  readonly description: LocalizedText;
  readonly addressHelp: LocalizedText;
  readonly placeholder: string;
  readonly passwordHelp: LocalizedText;
}

const appPassword: LocalizedText = {
  en: 'Best an app password: Personal settings, Security, Create new app password.',
  ko: '앱 비밀번호를 권합니다. 개인 설정 → 보안 → 새 앱 비밀번호 만들기에서 만드세요.',
};

const providers: readonly Provider[] = [
  {
    id: 'webdavs:nextcloud',
    title: { en: 'Nextcloud', ko: 'Nextcloud' },
    description: {
      en: 'A Nextcloud server, your own or a provider’s. Large files go on where they stopped.',
      ko: '직접 운영하거나 업체가 제공하는 Nextcloud 서버입니다. 큰 파일도 끊긴 곳부터 이어서 올립니다.',
    },
    addressHelp: {
      en: 'In Nextcloud open Files, then Files settings, and copy the WebDAV address.',
      ko: 'Nextcloud에서 파일 → 파일 설정을 열고 WebDAV 주소를 복사하세요.',
    },
    placeholder: 'https://cloud.example.org/remote.php/dav/files/me/',
    passwordHelp: appPassword,
  },
  {
    id: 'webdavs:owncloud',
    title: { en: 'ownCloud', ko: 'ownCloud' },
    description: { en: 'An ownCloud server.', ko: 'ownCloud 서버입니다.' },
    addressHelp: {
      en: 'In ownCloud open Settings at the bottom left of Files, and copy the WebDAV address.',
      ko: 'ownCloud 파일 화면 왼쪽 아래의 설정에서 WebDAV 주소를 복사하세요.',
    },
    placeholder: 'https://cloud.example.org/remote.php/dav/files/me/',
    passwordHelp: appPassword,
  },
  {
    id: 'webdavs',
    title: { en: 'WebDAV', ko: 'WebDAV' },
    description: {
      en: 'A NAS (Synology, QNAP …) or any other server that speaks WebDAV.',
      ko: 'NAS(시놀로지, QNAP 등)나 WebDAV를 지원하는 서버입니다.',
    },
    addressHelp: {
      en: 'With https://. Without TLS (http://) only on your own network.',
      ko: 'https://로 시작하는 주소입니다. http:// 주소는 집이나 회사 안 네트워크에서만 쓸 수 있습니다.',
    },
    placeholder: 'https://nas.local:5006/photos',
    passwordHelp: {
      en: 'Kept in the keychain of this computer and never shown again.',
      ko: '이 컴퓨터의 키체인에 보관되며 다시 표시되지 않습니다.',
    },
  },
];

const folder: DestinationField = {
  name: 'folder',
  label: { en: 'Folder', ko: '폴더' },
  help: {
    en: 'Below that address; it is made if it is not there. May stay empty.',
    ko: '위 주소 아래의 폴더입니다. 없으면 만들고, 비워 두어도 됩니다.',
  },
  type: 'text',
  required: false,
  placeholder: 'Photos',
  choices: [],
};

/** Cards for what people know by name, and one for everything else. */
export const webdavCards: readonly KindCard[] = providers.map((provider) => ({
  id: provider.id,
  title: provider.title,
  description: provider.description,
  icon: 'server',
  console: null,
  fields: [
    {
      name: 'address',
      label: { en: 'WebDAV address', ko: 'WebDAV 주소' },
      help: provider.addressHelp,
      type: 'text',
      required: true,
      placeholder: provider.placeholder,
      choices: [],
    },
    folder,
    secret('CLOUDROLL_USERNAME', { en: 'User name', ko: '사용자 이름' }, null),
    secret('CLOUDROLL_PASSWORD', { en: 'Password', ko: '비밀번호' }, provider.passwordHelp),
  ],
  urlOf,
}));

function secret(name: string, label: LocalizedText, help: LocalizedText | null): DestinationField {
  return { name, label, help, type: 'secret', required: true, placeholder: '', choices: [] };
}

function urlOf(values: Readonly<Record<string, string>>): DestinationUrl {
  const address = (values['address'] ?? '').trim();
  const [, s] = /^http(s?):\/\//iu.exec(address) ?? [];
  if (s === undefined) {
    throw fail('invalid', 'The address has to begin with https:// (or http://).', {
      hint: 'Copy it as the server shows it.',
    });
  }
  const url = parseDestinationUrl(address.replace(/^http/iu, 'webdav'));
  const path = [url.path, (values['folder'] ?? '').trim()]
    .map((part) => part.replace(/^\/+|\/+$/gu, ''))
    .filter((part) => part !== '')
    .join('/');
  const whole = { ...url, path };
  webdavSettingsOf(whole);
  return whole;
}
