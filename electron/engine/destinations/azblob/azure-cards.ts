import type { DestinationField } from '../../../../shared/contract/app/destinations.ts';
import type { DestinationUrl } from '../../../../shared/domain/destination-url.ts';
import { fail } from '../../../../shared/domain/failure.ts';
import type { KindCard } from '../kind.ts';
import { azureSettingsOf } from './settings.ts';

const fields: readonly DestinationField[] = [
  {
    name: 'account',
    label: { en: 'Storage account', ko: '스토리지 계정' },
    help: {
      en: 'Its name in the Azure portal, in small letters.',
      ko: 'Azure 포털에 보이는 계정 이름입니다(영문 소문자와 숫자).',
    },
    type: 'text',
    required: true,
    placeholder: 'myaccount',
    choices: [],
  },
  {
    name: 'container',
    label: { en: 'Container', ko: '컨테이너' },
    help: {
      en: 'Make one in the portal first: Data storage, Containers. It may be private.',
      ko: '먼저 포털의 데이터 스토리지 → 컨테이너에서 만드세요. 비공개면 됩니다.',
    },
    type: 'text',
    required: true,
    placeholder: 'photos',
    choices: [],
  },
  {
    name: 'prefix',
    label: { en: 'Folder in the container', ko: '컨테이너 안의 폴더' },
    help: { en: 'May stay empty.', ko: '비워 두어도 됩니다.' },
    type: 'text',
    required: false,
    placeholder: 'backup',
    choices: [],
  },
  {
    name: 'AZURE_STORAGE_KEY',
    label: { en: 'Access key', ko: '액세스 키' },
    help: {
      en: 'In the portal: Security + networking, Access keys. Or fill in a signature below.',
      ko: '포털의 보안 + 네트워킹 → 액세스 키에 있습니다. 아래 서명을 대신 적어도 됩니다.',
    },
    type: 'secret',
    required: false,
    placeholder: '',
    choices: [],
  },
  {
    name: 'AZURE_STORAGE_SAS_TOKEN',
    label: { en: 'Shared access signature', ko: '공유 액세스 서명(SAS)' },
    help: {
      en: 'For this container alone, with read, create, write, delete and list.',
      ko: '이 컨테이너에 읽기, 만들기, 쓰기, 삭제, 목록 권한이 있는 서명입니다.',
    },
    type: 'secret',
    required: false,
    placeholder: '',
    choices: [],
  },
];

export const azureCards: readonly KindCard[] = [
  {
    id: 'azblob',
    title: { en: 'Azure Blob Storage', ko: 'Azure Blob Storage' },
    description: {
      en: 'Object storage of Microsoft Azure, also in Korea.',
      ko: 'Microsoft Azure의 오브젝트 스토리지입니다. 한국 리전도 있습니다.',
    },
    icon: 'bucket',
    group: 'objects',
    console: 'https://portal.azure.com/#browse/Microsoft.Storage%2FStorageAccounts',
    fields: [...fields],
    urlOf,
  },
];

function urlOf(values: Readonly<Record<string, string>>): DestinationUrl {
  const given = (name: string): string => (values[name] ?? '').trim();
  const missing = fields.find(({ name, required }) => required && given(name) === '');
  if (missing !== undefined) {
    throw fail('invalid', `"${missing.label.en}" is missing.`, { hint: 'Fill it in.' });
  }
  const parts = [given('container'), given('prefix')].map((part) =>
    part.replace(/^\/+|\/+$/gu, ''),
  );
  const url: DestinationUrl = {
    scheme: 'azblob',
    authority: given('account'),
    path: parts.filter((part) => part !== '').join('/'),
    query: {},
  };
  azureSettingsOf(url);
  return url;
}
