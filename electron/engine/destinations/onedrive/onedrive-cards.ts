import type { DestinationField } from '../../../../shared/contract/app/destinations.ts';
import type { DestinationUrl } from '../../../../shared/domain/destination-url.ts';
import { cardField, signedInUrl } from '../common/signed-in-card.ts';
import type { KindCard } from '../kind.ts';
import { microsoftClientConsole, oneDriveSecrets } from './microsoft-sign-in.ts';
import { oneDriveSettingsOf } from './settings.ts';

const fields: readonly DestinationField[] = [
  cardField(
    'signIn',
    oneDriveSecrets.refreshToken,
    { en: 'Microsoft account', ko: 'Microsoft 계정' },
    {
      en: 'Your browser opens. Sign in there and allow Cloudroll to reach your files.',
      ko: '브라우저가 열립니다. 로그인하고 Cloudroll이 파일에 접근하도록 허용하세요.',
    },
  ),
  cardField(
    'text',
    'folder',
    { en: 'Folder', ko: '폴더' },
    {
      en: 'It is made where there is none. Pick one of its own, not one with other files.',
      ko: '없으면 만듭니다. 다른 파일이 없는 전용 폴더로 정하세요.',
    },
  ),
  cardField(
    'secret',
    oneDriveSecrets.clientId,
    { en: 'Client ID of your own', ko: '직접 등록한 클라이언트 ID' },
    {
      en: 'Only where asked for. At entra.microsoft.com: App registrations, New registration; accounts in any directory and personal accounts; platform "Mobile and desktop", redirect address http://localhost. Copy the Application (client) ID.',
      ko: '요구될 때만 적으세요. entra.microsoft.com의 앱 등록 → 새 등록에서 모든 조직 및 개인 계정을 고르고, 플랫폼은 "모바일 및 데스크톱", 리디렉션 주소는 http://localhost로 합니다. 애플리케이션(클라이언트) ID를 복사하세요.',
    },
  ),
];

export const oneDriveCards: readonly KindCard[] = [
  {
    id: 'onedrive',
    title: { en: 'Microsoft OneDrive', ko: 'Microsoft OneDrive' },
    description: {
      en: 'The OneDrive of a personal account, or of one at work or school.',
      ko: '개인, 직장 또는 학교 계정의 OneDrive입니다.',
    },
    icon: 'onedrive',
    console: microsoftClientConsole,
    fields: [...fields],
    urlOf,
  },
];

function urlOf(values: Readonly<Record<string, string>>): DestinationUrl {
  const url = signedInUrl('onedrive', values, 'folder');
  oneDriveSettingsOf(url);
  return url;
}
