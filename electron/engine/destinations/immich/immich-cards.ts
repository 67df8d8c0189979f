import { parseDestinationUrl } from '../../../../shared/domain/destination-url.ts';
import type { DestinationUrl } from '../../../../shared/domain/destination-url.ts';
import { fail } from '../../../../shared/domain/failure.ts';
import { isNearby } from '../common/nearby.ts';
import type { KindCard } from '../kind.ts';
import { keySecret } from './connection.ts';
import { neededPermissions } from './permissions.ts';
import { immichSettingsOf } from './settings.ts';

const permissions = neededPermissions('write').join(', ');

export const immichCards: readonly KindCard[] = [
  {
    id: 'immich',
    title: { en: 'Immich', ko: 'Immich' },
    description: {
      en: 'Your own Immich server. Photos appear in Immich itself; what it holds already is not sent again.',
      ko: '직접 운영하는 Immich 서버입니다. 사진이 Immich에 바로 나타나며, 이미 있는 사진은 다시 보내지 않습니다.',
    },
    icon: 'immich',
    group: 'server',
    console: null,
    fields: [
      {
        name: 'address',
        label: { en: 'Address of the server', ko: '서버 주소' },
        help: {
          en: 'As in the browser. Without TLS (http://) only on your own network.',
          ko: '브라우저에서 쓰는 주소입니다. http:// 주소는 집이나 회사 안 네트워크에서만 쓸 수 있습니다.',
        },
        type: 'text',
        required: true,
        placeholder: 'https://photos.example.org',
        choices: [],
      },
      {
        name: keySecret,
        label: { en: 'API key', ko: 'API 키' },
        help: {
          en: `In Immich: Account settings, API keys, New API key. Tick ${permissions}.`,
          ko: `Immich의 계정 설정 → API 키 → 새 API 키에서 만드세요. 권한은 ${permissions}을(를) 고릅니다.`,
        },
        type: 'secret',
        required: true,
        placeholder: '',
        choices: [],
      },
    ],
    urlOf,
  },
];

function urlOf(values: Readonly<Record<string, string>>): DestinationUrl {
  const address = (values['address'] ?? '').trim();
  const [, s] = /^http(s?):\/\//iu.exec(address) ?? [];
  if (s === undefined) {
    throw fail('invalid', 'The address has to begin with https:// (or http://).', {
      hint: 'Copy it from the browser.',
    });
  }
  const url = {
    ...parseDestinationUrl(address.replace(/^http/iu, 'immich')),
    // What a browser shows behind the host is a page of Immich.
    path: '',
    query: {},
  };
  const { server } = immichSettingsOf(url);
  if (s === '' && !isNearby(server.hostname)) {
    throw fail('invalid', 'Without TLS anybody on the way could read the key and the photos.', {
      hint: 'Use an address that begins with https://.',
    });
  }
  return url;
}
