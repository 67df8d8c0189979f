import type { DestinationField } from '../../../../shared/contract/app/destinations.ts';
import type { DestinationUrl } from '../../../../shared/domain/destination-url.ts';
import { fail } from '../../../../shared/domain/failure.ts';
import type { KindCard } from '../kind.ts';
import { googleStorageSettingsOf } from './settings.ts';

const fields: readonly DestinationField[] = [
  {
    name: 'bucket',
    label: { en: 'Bucket', ko: '버킷' },
    help: {
      en: 'Make one in the console first: Cloud Storage, Buckets. It needs no public access.',
      ko: '먼저 콘솔의 Cloud Storage → 버킷에서 만드세요. 공개하지 않아도 됩니다.',
    },
    type: 'text',
    required: true,
    placeholder: 'my-photos-2024',
    choices: [],
  },
  {
    name: 'folder',
    label: { en: 'Folder in the bucket', ko: '버킷 안의 폴더' },
    help: { en: 'May stay empty.', ko: '비워 두어도 됩니다.' },
    type: 'text',
    required: false,
    placeholder: 'backup',
    choices: [],
  },
  {
    name: 'GOOGLE_SERVICE_ACCOUNT_KEY',
    label: { en: 'Service account key (JSON)', ko: '서비스 계정 키(JSON)' },
    help: {
      en: 'In the console: IAM & Admin, Service Accounts, Keys, Add key, JSON. Paste the whole file, and give the account the role Storage Object User for the bucket.',
      ko: '콘솔의 IAM 및 관리자 → 서비스 계정 → 키 → 키 추가 → JSON에서 받은 파일 전체를 붙여 넣으세요. 그 계정에 버킷의 "스토리지 객체 사용자" 역할을 주어야 합니다.',
    },
    type: 'secret',
    required: true,
    placeholder: '',
    choices: [],
  },
];

export const googleStorageCards: readonly KindCard[] = [
  {
    id: 'gs',
    title: { en: 'Google Cloud Storage', ko: 'Google Cloud Storage' },
    description: {
      en: 'Object storage of Google Cloud, also in Seoul. Not the same as Google Drive.',
      ko: 'Google Cloud의 오브젝트 스토리지입니다. 서울 리전도 있습니다. Google 드라이브와는 다릅니다.',
    },
    icon: 'bucket',
    group: 'objects',
    console: 'https://console.cloud.google.com/storage/browser',
    fields: [...fields],
    urlOf,
  },
];

function urlOf(values: Readonly<Record<string, string>>): DestinationUrl {
  const given = (name: string): string => (values[name] ?? '').trim();
  if (given('bucket') === '') {
    throw fail('invalid', '"Bucket" is missing.', { hint: 'Fill it in.' });
  }
  const url: DestinationUrl = {
    scheme: 'gs',
    authority: given('bucket').replace(/^gs:\/\//u, ''),
    path: given('folder').replace(/^\/+|\/+$/gu, ''),
    query: {},
  };
  googleStorageSettingsOf(url);
  return url;
}
