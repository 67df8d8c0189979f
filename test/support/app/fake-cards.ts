import { fileCards } from '../../../electron/engine/destinations/file/file-cards.ts';
import { s3Cards } from '../../../electron/engine/destinations/s3/s3-cards.ts';
import type {
  DestinationCard,
  DestinationField,
} from '../../../shared/contract/app/destinations.ts';

const field: DestinationField = {
  name: '',
  label: { en: '', ko: '' },
  help: null,
  type: 'text',
  required: false,
  placeholder: '',
  choices: [],
};

const clientId: DestinationField = {
  ...field,
  name: 'CLIENT_ID',
  type: 'secret',
  label: { en: 'Client ID', ko: '클라이언트 ID' },
  help: {
    en: '1. Open the console and make a project.\n2. Register a client of the type “Desktop app”.\n3. Copy its client ID to here.',
    ko: '1. 콘솔을 열고 프로젝트를 만드세요.\n2. “데스크톱 앱” 유형의 클라이언트를 등록하세요.\n3. 그 클라이언트 ID를 여기에 붙여 넣으세요.',
  },
};

const folder: DestinationField = {
  ...field,
  name: 'folder',
  label: { en: 'Folder', ko: '폴더' },
  help: {
    en: 'Made where it is not there yet.',
    ko: '없으면 새로 만듭니다.',
  },
  placeholder: 'Cloudroll',
};

function account(name: string): DestinationField {
  return {
    ...field,
    name: 'account',
    type: 'signIn',
    required: true,
    label: { en: `${name} account`, ko: `${name} 계정` },
  };
}

/** Clouds that a person signs in to, as the engine describes such; beside the real cards of folders and S3. */
const clouds: readonly DestinationCard[] = [
  {
    id: 'gdrive',
    role: 'backup',
    title: { en: 'Google Drive', ko: 'Google 드라이브' },
    description: {
      en: 'A folder in your Google Drive. Cloudroll sees only the files it put there itself.',
      ko: 'Google 드라이브의 폴더입니다. Cloudroll은 직접 올린 파일만 볼 수 있습니다.',
    },
    icon: 'gdrive',
    group: 'clouds',
    console: 'https://console.cloud.google.com/auth/clients',
    fields: [account('Google'), folder, clientId],
  },
  {
    id: 'dropbox',
    role: 'backup',
    title: { en: 'Dropbox', ko: 'Dropbox' },
    description: { en: 'A folder in your Dropbox.', ko: 'Dropbox의 폴더입니다.' },
    icon: 'dropbox',
    group: 'clouds',
    console: 'https://www.dropbox.com/developers/apps',
    fields: [account('Dropbox'), folder, clientId],
  },
  {
    id: 'onedrive',
    role: 'backup',
    title: { en: 'OneDrive', ko: 'OneDrive' },
    description: { en: 'A folder in your OneDrive.', ko: 'OneDrive의 폴더입니다.' },
    icon: 'onedrive',
    group: 'clouds',
    console: 'https://entra.microsoft.com/',
    fields: [account('Microsoft'), folder, clientId],
  },
];

const publishing: readonly DestinationCard[] = [
  {
    id: 'gphotos',
    role: 'publish',
    title: { en: 'Google Photos', ko: 'Google 포토' },
    description: {
      en: 'Shows your photos in an album of Google Photos.',
      ko: '사진을 Google 포토 앨범에 보여 줍니다.',
    },
    icon: 'gphotos',
    group: 'publish',
    console: 'https://console.cloud.google.com/auth/clients',
    fields: [account('Google'), clientId],
  },
];

export const fakeCards: readonly DestinationCard[] = [
  ...[...fileCards, ...s3Cards].map(({ urlOf: _, group = 'server', ...card }) => ({
    ...card,
    group,
    role: 'backup' as const,
  })),
  ...clouds,
  ...publishing,
];

/** The same of a build that brings no OAuth client: people have to bring their own. */
export function cardsWithoutClient(): DestinationCard[] {
  return fakeCards.map((card) => ({
    ...card,
    fields: card.fields.map((one) =>
      one.name === clientId.name ? { ...one, required: true } : one,
    ),
  }));
}
