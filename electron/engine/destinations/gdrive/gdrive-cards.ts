import type { DestinationField } from '../../../../shared/contract/app/destinations.ts';
import type { DestinationUrl } from '../../../../shared/domain/destination-url.ts';
import { googleClientConsole, googleClientSecrets } from '../common/google-sign-in.ts';
import { cardField, signedInUrl } from '../common/signed-in-card.ts';
import type { KindCard } from '../kind.ts';
import { gdriveRefreshToken } from './gdrive-sign-in.ts';
import { gdriveSettingsOf } from './settings.ts';

const fields: readonly DestinationField[] = [
  cardField(
    'signIn',
    gdriveRefreshToken,
    { en: 'Google account', ko: 'Google 계정' },
    {
      en: 'Your browser opens. Leave the box for Google Drive ticked: Cloudroll then sees the files that it made, and no others.',
      ko: '브라우저가 열리면 Google Drive 항목의 체크를 그대로 두세요. Cloudroll은 자기가 만든 파일만 볼 수 있습니다.',
    },
  ),
  cardField(
    'text',
    'folder',
    { en: 'Folder in My Drive', ko: '내 드라이브의 폴더' },
    {
      en: 'Cloudroll makes it. A folder of the same name that you made yourself stays as it is.',
      ko: 'Cloudroll이 새로 만듭니다. 직접 만든 같은 이름의 폴더는 건드리지 않습니다.',
    },
  ),
  cardField(
    'secret',
    googleClientSecrets.clientId,
    { en: 'Client ID of your own', ko: '직접 만든 클라이언트 ID' },
    {
      en: 'Google’s terms restrict backups through an app’s own client, so one of your own is the safe way. In the Google Cloud console make a project, enable the Google Drive API, under Audience choose External and publish the app (a test app is signed out every week), then under Clients make one of the type Desktop app and copy its ID. What was backed up with one client ID is not seen with another.',
      ko: 'Google 약관은 앱 공용 클라이언트로 백업하는 것을 제한하므로 직접 만든 ID를 쓰는 것이 안전합니다. Google Cloud 콘솔에서 프로젝트를 만들고 Google Drive API를 켠 뒤, 대상(Audience)에서 외부를 골라 앱을 게시하고(테스트 상태로 두면 매주 로그아웃됩니다), 클라이언트에서 데스크톱 앱을 만들어 ID를 복사하세요. 한 클라이언트 ID로 백업한 파일은 다른 ID로는 보이지 않습니다.',
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

export const gdriveCards: readonly KindCard[] = [
  {
    id: 'gdrive',
    title: { en: 'Google Drive', ko: 'Google Drive' },
    description: {
      en: 'A folder in your Google Drive. Photos count towards the space of the account.',
      ko: 'Google Drive 안의 폴더입니다. 사진은 계정의 저장용량을 차지합니다.',
    },
    icon: 'gdrive',
    console: googleClientConsole,
    fields: [...fields],
    urlOf,
  },
];

function urlOf(values: Readonly<Record<string, string>>): DestinationUrl {
  const url = signedInUrl('gdrive', values, 'folder');
  gdriveSettingsOf(url);
  return url;
}
