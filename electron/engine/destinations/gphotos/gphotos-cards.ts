import type { DestinationField } from '../../../../shared/contract/app/destinations.ts';
import type { DestinationUrl } from '../../../../shared/domain/destination-url.ts';
import { googleClientConsole, googleClientSecrets } from '../common/google-sign-in.ts';
import { cardField, signedInUrl } from '../common/signed-in-card.ts';
import type { KindCard } from '../kind.ts';
import { gphotosRefreshToken } from './gphotos-sign-in.ts';
import { gphotosSettingsOf } from './settings.ts';

const fields: readonly DestinationField[] = [
  cardField(
    'signIn',
    gphotosRefreshToken,
    { en: 'Google account', ko: 'Google 계정' },
    {
      en: 'Your browser opens. Leave all boxes for Google Photos ticked: Cloudroll then sees the photos that it added, and no others.',
      ko: '브라우저가 열리면 Google 포토 항목의 체크를 모두 그대로 두세요. Cloudroll은 자기가 올린 사진만 볼 수 있습니다.',
    },
  ),
  cardField(
    'text',
    'album',
    { en: 'Album', ko: '앨범' },
    {
      en: 'Cloudroll makes it; apps cannot add to an album that you made yourself.',
      ko: 'Cloudroll이 새로 만듭니다. 직접 만든 앨범에는 앱이 사진을 넣을 수 없습니다.',
    },
  ),
  cardField(
    'secret',
    googleClientSecrets.clientId,
    { en: 'Client ID of your own', ko: '직접 만든 클라이언트 ID' },
    {
      en: 'In the Google Cloud console make a project, enable the Photos Library API, under Audience choose External and publish the app (a test app is signed out every week), then under Clients make one of the type Desktop app and copy its ID. What was shown with one client ID is not seen with another.',
      ko: 'Google Cloud 콘솔에서 프로젝트를 만들고 Photos Library API를 켠 뒤, 대상(Audience)에서 외부를 골라 앱을 게시하고(테스트 상태로 두면 매주 로그아웃됩니다), 클라이언트에서 데스크톱 앱을 만들어 ID를 복사하세요. 한 클라이언트 ID로 올린 사진은 다른 ID로는 보이지 않습니다.',
    },
  ),
  cardField(
    'secret',
    googleClientSecrets.clientSecret,
    { en: 'Its client secret', ko: '그 클라이언트의 보안 비밀번호' },
    {
      en: 'Shown once, when the client is made.',
      ko: '클라이언트를 만들 때 한 번만 보여 줍니다.',
    },
  ),
];

export const gphotosCards: readonly KindCard[] = [
  {
    id: 'gphotos',
    title: { en: 'Google Photos', ko: 'Google 포토' },
    description: {
      en: 'Shows your photos in Google Photos. Not a backup: Google does not give the originals back, so add a destination that does. Photos count towards the space of the account.',
      ko: 'Google 포토에서 사진을 보여 줍니다. 백업은 아닙니다. Google은 원본을 그대로 돌려주지 않으므로, 원본을 보관하는 저장소를 함께 추가하세요. 사진은 계정의 저장용량을 차지합니다.',
    },
    icon: 'gphotos',
    console: googleClientConsole,
    fields: [...fields],
    urlOf,
  },
];

function urlOf(values: Readonly<Record<string, string>>): DestinationUrl {
  const url = signedInUrl('gphotos', values, 'album');
  gphotosSettingsOf(url);
  return url;
}
