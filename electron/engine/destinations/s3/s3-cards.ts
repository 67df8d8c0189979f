import type {
  DestinationField,
  LocalizedText,
} from '../../../../shared/contract/app/destinations.ts';
import type { DestinationUrl } from '../../../../shared/domain/destination-url.ts';
import { fail } from '../../../../shared/domain/failure.ts';
import type { KindCard } from '../kind.ts';
import { s3SettingsOf } from './settings.ts';

interface Provider {
  /** Id of its preset; null where the address alone tells it. */
  readonly preset: string | null;
  readonly title: LocalizedText;
  readonly description: LocalizedText;
  /** Where it shows buckets and keys. */
  readonly console: string | null;
  /** An address that the person has to give, by an example; null where the provider's is known. */
  readonly endpoint: string | null;
  /** `ask`: has to be given; a list: one of these, the first by default; null: nobody needs to know. */
  readonly region: 'ask' | readonly string[] | null;
}

const providers: readonly Provider[] = [
  {
    preset: null,
    title: { en: 'Other S3 storage', ko: '그 밖의 S3 저장소' },
    description: {
      en: 'Any server that speaks S3, for example Ceph, Garage or SeaweedFS.',
      ko: 'Ceph, Garage, SeaweedFS처럼 S3 방식을 쓰는 서버입니다.',
    },
    console: null,
    endpoint: 'https://s3.example.org',
    region: null,
  },
  {
    preset: 'ncloud',
    title: { en: 'Naver Cloud Object Storage', ko: '네이버 클라우드 Object Storage' },
    description: {
      en: 'Object storage of Naver Cloud Platform in Korea and elsewhere.',
      ko: '네이버 클라우드 플랫폼의 오브젝트 스토리지입니다.',
    },
    console: 'https://console.ncloud.com/objectStorage/bucket',
    endpoint: null,
    region: ['kr-standard', 'us-standard', 'sg-standard', 'jp-standard', 'de-standard'],
  },
  {
    preset: 'ncloud-storage',
    title: { en: 'Naver Ncloud Storage', ko: '네이버 Ncloud Storage' },
    description: {
      en: 'The newer object storage of Naver Cloud Platform.',
      ko: '네이버 클라우드 플랫폼의 새 오브젝트 스토리지입니다.',
    },
    console: 'https://console.ncloud.com/',
    endpoint: null,
    region: ['kr'],
  },
  {
    preset: 'ktcloud',
    title: { en: 'KT Cloud', ko: 'KT 클라우드' },
    description: {
      en: 'Object storage of KT Cloud.',
      ko: 'KT 클라우드의 오브젝트 스토리지입니다.',
    },
    console: 'https://cloud.kt.com/',
    endpoint: 'https://…',
    region: null,
  },
  {
    preset: 'aws',
    title: { en: 'Amazon S3', ko: 'Amazon S3' },
    description: {
      en: 'Object storage of Amazon Web Services, also in Seoul.',
      ko: 'Amazon Web Services의 오브젝트 스토리지입니다. 서울 리전도 있습니다.',
    },
    console: 'https://console.aws.amazon.com/s3/home',
    endpoint: null,
    region: [
      ...['ap-northeast-2', 'ap-northeast-1', 'ap-southeast-1', 'us-east-1', 'us-west-2'],
      ...['eu-central-1', 'eu-west-1'],
    ],
  },
  {
    preset: 'gcs',
    title: { en: 'Google Cloud Storage', ko: 'Google Cloud Storage' },
    description: {
      en: 'A bucket of Google Cloud with interoperability keys (HMAC).',
      ko: '상호 운용성 키(HMAC)를 쓰는 Google Cloud 버킷입니다.',
    },
    console: 'https://console.cloud.google.com/storage/settings;tab=interoperability',
    endpoint: null,
    region: null,
  },
  {
    preset: 'r2',
    title: { en: 'Cloudflare R2', ko: 'Cloudflare R2' },
    description: {
      en: 'Object storage of Cloudflare, without fees for downloads.',
      ko: '내려받기 요금이 없는 Cloudflare의 오브젝트 스토리지입니다.',
    },
    console: 'https://dash.cloudflare.com/?to=/:account/r2/overview',
    endpoint: 'https://ACCOUNT.r2.cloudflarestorage.com',
    region: null,
  },
  {
    preset: 'b2',
    title: { en: 'Backblaze B2', ko: 'Backblaze B2' },
    description: {
      en: 'Inexpensive object storage of Backblaze.',
      ko: '저렴한 Backblaze의 오브젝트 스토리지입니다.',
    },
    console: 'https://secure.backblaze.com/b2_buckets.htm',
    endpoint: null,
    region: 'ask',
  },
  {
    preset: 'wasabi',
    title: { en: 'Wasabi', ko: 'Wasabi' },
    description: {
      en: 'Object storage of Wasabi.',
      ko: 'Wasabi의 오브젝트 스토리지입니다.',
    },
    console: 'https://console.wasabisys.com/',
    endpoint: null,
    region: 'ask',
  },
  {
    preset: 'ibm',
    title: { en: 'IBM Cloud Object Storage', ko: 'IBM Cloud Object Storage' },
    description: {
      en: 'Object storage of IBM Cloud with HMAC credentials.',
      ko: 'HMAC 자격 증명을 쓰는 IBM Cloud의 오브젝트 스토리지입니다.',
    },
    console: 'https://cloud.ibm.com/objectstorage',
    endpoint: null,
    region: 'ask',
  },
  {
    preset: 'minio',
    title: { en: 'MinIO', ko: 'MinIO' },
    description: {
      en: 'Your own MinIO server.',
      ko: '직접 운영하는 MinIO 서버입니다.',
    },
    console: null,
    endpoint: 'https://minio.example.org:9000',
    region: null,
  },
];

const bucket: DestinationField = {
  name: 'bucket',
  label: { en: 'Bucket', ko: '버킷' },
  help: {
    en: 'Make a bucket in the console first; it may be private.',
    ko: '먼저 콘솔에서 버킷을 만드세요. 비공개 버킷이면 됩니다.',
  },
  type: 'text',
  required: true,
  placeholder: 'my-photos',
  choices: [],
};
const prefix: DestinationField = {
  name: 'prefix',
  label: { en: 'Folder in the bucket', ko: '버킷 안의 폴더' },
  help: { en: 'May stay empty.', ko: '비워 두어도 됩니다.' },
  type: 'text',
  required: false,
  placeholder: 'photos',
  choices: [],
};
const keyId: DestinationField = {
  name: 'AWS_ACCESS_KEY_ID',
  label: { en: 'Access key ID', ko: '액세스 키 ID' },
  help: null,
  type: 'secret',
  required: true,
  placeholder: '',
  choices: [],
};
const secretKey: DestinationField = {
  name: 'AWS_SECRET_ACCESS_KEY',
  label: { en: 'Secret access key', ko: '비밀 액세스 키' },
  help: {
    en: 'Kept in the keychain of this computer and never shown again.',
    ko: '이 컴퓨터의 키체인에 보관되며 다시 표시되지 않습니다.',
  },
  type: 'secret',
  required: true,
  placeholder: '',
  choices: [],
};

/** A card for S3 in general and one for each provider that is known by name. */
export const s3Cards: readonly KindCard[] = providers.map((provider) => ({
  id: provider.preset === null ? 's3' : `s3:${provider.preset}`,
  title: provider.title,
  description: provider.description,
  icon: 'bucket',
  group: 'objects',
  console: provider.console,
  fields: [...placeFields(provider), bucket, prefix, keyId, secretKey],
  urlOf: (values) => urlOf(provider, values),
}));

function placeFields({ endpoint, region }: Provider): DestinationField[] {
  const fields: DestinationField[] = [];
  if (endpoint !== null) {
    fields.push({
      name: 'endpoint',
      label: { en: 'Address of the server', ko: '서버 주소' },
      help: {
        en: 'As your provider shows it, with https://.',
        ko: '제공 업체가 알려 주는 주소를 https://까지 적으세요.',
      },
      type: 'text',
      required: true,
      placeholder: endpoint,
      choices: [],
    });
  }
  if (region !== null) {
    fields.push({
      name: 'region',
      label: { en: 'Region', ko: '리전' },
      help: { en: 'Where the bucket was made.', ko: '버킷을 만든 지역입니다.' },
      type: region === 'ask' ? 'text' : 'choice',
      required: true,
      placeholder: region === 'ask' ? 'us-west-004' : '',
      choices:
        region === 'ask' ? [] : region.map((value) => ({ value, label: { en: value, ko: value } })),
    });
  }
  return fields;
}

function urlOf(provider: Provider, values: Readonly<Record<string, string>>): DestinationUrl {
  const given = (name: string): string => (values[name] ?? '').trim();
  const missing = [...placeFields(provider), bucket].find(
    ({ name, required }) => required && given(name) === '',
  );
  if (missing !== undefined) {
    throw fail('invalid', `"${missing.label.en}" is missing.`, { hint: 'Fill it in.' });
  }
  const query: Record<string, string> = {};
  if (provider.preset !== null) query['preset'] = provider.preset;
  for (const { name } of placeFields(provider)) query[name] = given(name);
  const url: DestinationUrl = {
    scheme: 's3',
    authority: given('bucket'),
    path: given('prefix').replace(/^\/+|\/+$/gu, ''),
    query,
  };
  s3SettingsOf(url);
  return url;
}
