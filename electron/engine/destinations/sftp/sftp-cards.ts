import type {
  DestinationField,
  LocalizedText,
} from '../../../../shared/contract/app/destinations.ts';
import { parseDestinationUrl } from '../../../../shared/domain/destination-url.ts';
import type { DestinationUrl } from '../../../../shared/domain/destination-url.ts';
import { fail } from '../../../../shared/domain/failure.ts';
import type { KindCard } from '../kind.ts';
import { sftpSettingsOf } from './settings.ts';

const fields: readonly DestinationField[] = [
  text('host', { en: 'Server', ko: '서버' }, 'nas.local', {
    en: 'Its name or address, with a port after a colon if it is not 22.',
    ko: '서버 이름이나 주소입니다. 포트가 22가 아니면 콜론 뒤에 적으세요.',
  }),
  text('folder', { en: 'Folder on the server', ko: '서버의 폴더' }, '~/Photos', {
    en: 'It is made if it is not there. ~ is the home directory of the account.',
    ko: '없으면 만듭니다. ~는 계정의 홈 폴더입니다.',
  }),
  secret('CLOUDROLL_USERNAME', { en: 'User name', ko: '사용자 이름' }, true, null),
  secret('CLOUDROLL_PASSWORD', { en: 'Password', ko: '비밀번호' }, false, {
    en: 'May stay empty if you use a private key or an SSH agent.',
    ko: '개인 키나 SSH 에이전트를 쓰면 비워 두어도 됩니다.',
  }),
  {
    ...text(
      'identity',
      { en: 'Private key file', ko: '개인 키 파일' },
      '/home/me/.ssh/id_ed25519',
      {
        en: 'Full path of the key on this computer. May stay empty; without a password the SSH agent is asked then.',
        ko: '이 컴퓨터에 있는 키 파일의 전체 경로입니다. 비워 두어도 되며, 비밀번호도 없으면 SSH 에이전트에 묻습니다.',
      },
    ),
    required: false,
  },
  secret('CLOUDROLL_KEY_PASSWORD', { en: 'Password of the key', ko: '키의 비밀번호' }, false, {
    en: 'Only if the private key is encrypted.',
    ko: '개인 키가 암호화되어 있을 때만 적으세요.',
  }),
];

export const sftpCards: readonly KindCard[] = [
  {
    id: 'sftp',
    title: { en: 'SFTP', ko: 'SFTP' },
    description: {
      en: 'A NAS, a Linux computer or a rented server, reached by SSH. It is recognised by its key from then on.',
      ko: 'SSH로 연결하는 NAS, 리눅스 컴퓨터, 임대 서버입니다. 처음 연결한 뒤로는 서버의 키를 확인합니다.',
    },
    icon: 'server',
    console: null,
    fields: [...fields],
    urlOf,
  },
];

function text(
  name: string,
  label: LocalizedText,
  placeholder: string,
  help: LocalizedText,
): DestinationField {
  return { name, label, help, type: 'text', required: true, placeholder, choices: [] };
}

function secret(
  name: string,
  label: LocalizedText,
  required: boolean,
  help: LocalizedText | null,
): DestinationField {
  return { name, label, help, type: 'secret', required, placeholder: '', choices: [] };
}

function urlOf(values: Readonly<Record<string, string>>): DestinationUrl {
  const given = (name: string): string => (values[name] ?? '').trim();
  const missing = fields.find(
    ({ name, type, required }) => required && type === 'text' && given(name) === '',
  );
  if (missing !== undefined) {
    throw fail('invalid', `"${missing.label.en}" is missing.`, { hint: 'Fill it in.' });
  }
  const { authority, scheme } = parseDestinationUrl(`sftp://${given('host')}`);
  const url: DestinationUrl = {
    scheme,
    authority,
    path: given('folder').replace(/^\/+|\/+$/gu, ''),
    query: given('identity') === '' ? {} : { identity: given('identity') },
  };
  sftpSettingsOf(url);
  return url;
}
