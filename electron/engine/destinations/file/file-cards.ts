import type {
  DestinationField,
  DestinationGroup,
  LocalizedText,
} from '../../../../shared/contract/app/destinations.ts';
import {
  formatDestinationUrl,
  parseDestinationUrl,
} from '../../../../shared/domain/destination-url.ts';
import type { DestinationUrl } from '../../../../shared/domain/destination-url.ts';
import { fail } from '../../../../shared/domain/failure.ts';
import type { KindCard } from '../kind.ts';

/** Everything that is a folder for this computer, by what it means to a person. */
export const fileCards: readonly KindCard[] = [
  card({
    id: 'file',
    icon: 'folder',
    group: 'computer',
    title: { en: 'Folder', ko: '폴더' },
    description: {
      en: 'Any folder of this computer. Choose one on another drive, so that a broken drive takes only one copy.',
      ko: '이 컴퓨터의 아무 폴더나 쓸 수 있습니다. 드라이브가 고장 나도 한쪽이 남도록 다른 드라이브의 폴더를 고르세요.',
    },
    help: {
      en: 'Photos are stored in it by year and month, as plain files.',
      ko: '사진이 연도와 월별 폴더에 일반 파일로 저장됩니다.',
    },
  }),
  card({
    id: 'file:drive',
    icon: 'hard-drive',
    group: 'computer',
    title: { en: 'External drive', ko: '외장 드라이브' },
    description: {
      en: 'A USB drive or a card. Photos wait while it is away and follow when it is back.',
      ko: 'USB 드라이브나 메모리 카드입니다. 빠져 있는 동안에는 기다렸다가 다시 꽂으면 이어서 백업합니다.',
    },
    help: {
      en: 'Choose a folder on the drive, for example “Photo backup”.',
      ko: '드라이브 안의 폴더를 고르세요. 예: “사진 백업”.',
    },
  }),
  card({
    id: 'file:nas',
    icon: 'nas',
    group: 'computer',
    title: { en: 'NAS or network folder', ko: 'NAS 또는 네트워크 폴더' },
    description: {
      en: 'A folder of Synology, QNAP, TrueNAS or another computer that is mounted here.',
      ko: '이 컴퓨터에 연결해 둔 Synology, QNAP, TrueNAS 또는 다른 컴퓨터의 폴더입니다.',
    },
    help: {
      en: 'Connect the network folder in your file manager first, then choose a folder in it.',
      ko: '먼저 파일 관리자에서 네트워크 폴더를 연결한 다음 그 안의 폴더를 고르세요.',
    },
  }),
  card({
    id: 'file:mybox',
    icon: 'mybox',
    group: 'clouds',
    title: { en: 'Naver MYBOX', ko: '네이버 MYBOX' },
    description: {
      en: 'Naver offers no public interface to MYBOX, so no other program can upload to it by itself. With Naver’s MYBOX program on this computer it works all the same: Cloudroll puts the photos into the folder or drive that program shows, and the program brings them to MYBOX.',
      ko: '네이버는 MYBOX에 공개 API를 제공하지 않아 다른 프로그램이 직접 올릴 수 없습니다. 대신 이 컴퓨터에 네이버의 MYBOX 프로그램이 있으면 됩니다. Cloudroll이 그 프로그램이 보여 주는 폴더나 드라이브에 사진을 넣고, MYBOX로 올리는 일은 그 프로그램이 합니다.',
    },
    help: {
      en: 'Install the MYBOX program, sign in to it, then choose a folder inside the one it shows. “Backed up” then means: safe in that folder; whether it has reached MYBOX, only Naver’s program knows.',
      ko: 'MYBOX 프로그램을 설치해 로그인한 다음 그 프로그램이 보여 주는 폴더 안에서 고르세요. 이때 “백업됨”은 그 폴더에 안전하게 저장되었다는 뜻이며, MYBOX까지 올라갔는지는 네이버의 프로그램만 압니다.',
    },
  }),
  card({
    id: 'file:cloud',
    icon: 'cloud-folder',
    group: 'clouds',
    title: { en: 'Folder of another cloud', ko: '다른 클라우드의 폴더' },
    description: {
      en: 'A folder that iCloud Drive, Box, pCloud or another cloud keeps on this computer; its own program brings it to the cloud.',
      ko: 'iCloud Drive, Box, pCloud 같은 클라우드가 이 컴퓨터에 두는 폴더입니다. 클라우드로 올리는 일은 그 프로그램이 합니다.',
    },
    help: {
      en: 'Choose a folder inside the one that the cloud program synchronizes. “Backed up” then means: safe in this folder.',
      ko: '클라우드 프로그램이 동기화하는 폴더 안에서 고르세요. 이때 “백업됨”은 이 폴더에 안전하게 저장되었다는 뜻입니다.',
    },
  }),
];

function card(about: {
  readonly id: string;
  readonly icon: string;
  readonly group: DestinationGroup;
  readonly title: LocalizedText;
  readonly description: LocalizedText;
  readonly help: LocalizedText;
}): KindCard {
  const { help, ...rest } = about;
  const path: DestinationField = {
    name: 'path',
    label: { en: 'Folder', ko: '폴더' },
    help,
    type: 'folder',
    required: true,
    placeholder: '',
    choices: [],
  };
  return { ...rest, console: null, fields: [path], urlOf: folderUrl };
}

/** The URL is read again as it will be stored, so that a path which cannot be one is found at once. */
function folderUrl(values: Readonly<Record<string, string>>): DestinationUrl {
  const given = values['path'] ?? '';
  const windows = /^(?:[A-Za-z]:|\\\\)/u.test(given);
  const path = windows ? given.replaceAll('\\', '/') : given;
  if (!path.startsWith('/') && !/^[A-Za-z]:\//u.test(path)) {
    throw fail('invalid', 'Choose the folder that the photos go to.', {
      hint: 'It needs its full path, like /media/backup.',
    });
  }
  return parseDestinationUrl(
    formatDestinationUrl({ scheme: 'file', authority: '', path, query: {} }),
  );
}
