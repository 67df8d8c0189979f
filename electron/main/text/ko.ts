import type { Texts } from './texts.ts';

const number = new Intl.NumberFormat('ko');

function photos(count: number): string {
  return `사진 ${number.format(count)}장`;
}

/** `, 사진 12장 대기 중` */
function andWaiting(count: number): string {
  return count === 0 ? '' : `, ${photos(count)} 대기 중`;
}

const healths: Readonly<Record<string, string>> = {
  offline: '연결할 수 없습니다',
  signIn: '다시 로그인해야 합니다',
  full: '공간이 가득 찼습니다',
  readOnly: '쓸 수 없습니다',
  failing: '문제가 있습니다',
};

const questions: Readonly<Record<string, string>> = {
  vanished: '사진이 사라진 폴더',
  emptiedFolder: '비어 버린 폴더',
  otherDrive: '다른 드라이브가 연결된 위치',
  emptiedDestination: '비워진 백업 위치',
};

export const korean: Texts = {
  open: 'Cloudroll 열기',
  uploadPhotos: '사진 올리기…',
  pause: '일시 중지',
  pauseHour: '1시간 동안',
  pauseTomorrow: '내일까지',
  pauseResumed: '다시 시작할 때까지',
  resume: '다시 시작',
  syncNow: '지금 동기화',
  lastBackedUp: '최근 백업',
  nothingBackedUpYet: '아직 없습니다',
  backedUpEntry: (count, time, destination) =>
    `${photos(count)}${destination === null ? '' : ` → ${destination}`}, ${time}`,
  needsAttention: '확인이 필요한 항목',
  nothingNeedsAttention: '확인할 항목이 없습니다',
  settings: '설정…',
  quit: 'Cloudroll 종료',

  starting: '시작하는 중…',
  restarting: '동기화 엔진이 멈춰서 다시 시작하고 있습니다. 잃어버린 것은 없습니다.',
  stopping: '보내던 사진을 마무리하는 중…',
  setup: '백업할 사진과 백업 위치를 선택하세요',
  scanning: (found) =>
    found === 0 ? '사진을 찾는 중…' : `사진을 찾는 중… ${number.format(found)}장 찾음`,
  syncing: (safe, all, percent) =>
    `백업 중: ${photos(all)} 중 ${number.format(safe)}장${percent === null ? '' : ` (${String(percent)}%)`}`,
  allSafe: (count) => (count === 0 ? '아직 찾은 사진이 없습니다' : `모두 백업됨: ${photos(count)}`),
  workLeft: (waiting) => `${photos(waiting)} 대기 중`,
  paused: (waiting) => `일시 중지됨${andWaiting(waiting)}`,
  pausedUntil: (time, waiting) => `${time}까지 일시 중지${andWaiting(waiting)}`,
  pausedBattery: (waiting) => `배터리 사용 중이라 일시 중지${andWaiting(waiting)}`,
  pausedMetered: (waiting) => `데이터 요금제 네트워크라 일시 중지${andWaiting(waiting)}`,
  offline: (waiting) => `오프라인${andWaiting(waiting)}`,
  attention: (count) => `확인이 필요한 항목 ${number.format(count)}개`,
  failedPhotos: (count) => `${photos(count)}을 백업하지 못했습니다`,
  destinationProblem: (name, health) => `${name}: ${healths[health] ?? '문제가 있습니다'}`,
  question: (kind, subject) => `${questions[kind] ?? '결정이 필요합니다'}: ${subject}`,

  file: '파일',
  edit: '편집',
  view: '보기',
  window: '윈도우',
  help: '도움말',
  undo: '실행 취소',
  redo: '다시 실행',
  cut: '잘라내기',
  copy: '복사',
  paste: '붙여넣기',
  selectAll: '모두 선택',
  find: '찾기…',
  timeline: '타임라인',
  syncStatus: '동기화 상태',
  albums: '앨범',
  duplicates: '중복 사진',
  reload: '새로 고침',
  zoomIn: '확대',
  zoomOut: '축소',
  actualSize: '실제 크기',
  fullScreen: '전체 화면',
  minimize: '최소화',
  close: '창 닫기',
  front: '모두 앞으로 가져오기',
  developerTools: '개발자 도구',
  services: '서비스',
  hide: 'Cloudroll 가리기',
  hideOthers: '기타 가리기',
  showAll: '모두 보기',
  about: 'Cloudroll 정보',
  shortcuts: '키보드 단축키',
  copyDiagnostics: '진단 정보 복사',
  diagnosticsCopied:
    '진단 정보를 클립보드에 복사했습니다. 비밀 정보와 사진 이름은 들어 있지 않습니다.',
  openLogs: '로그 보기',
  checkForUpdates: '업데이트 확인…',

  finishedTitle: '사진이 모두 백업되었습니다',
  finishedBody: (count) => `${photos(count)}을 더 안전하게 백업했습니다.`,
  attentionTitle: 'Cloudroll에서 확인이 필요합니다',
  stillRunningTitle: 'Cloudroll이 백그라운드에서 계속 실행됩니다',
  stillRunningBody: '사진을 계속 백업합니다. 종료하려면 트레이 메뉴를 사용하세요.',
  updateReadyTitle: '새 버전이 준비되었습니다',
  updateReadyBody: (version) => `종료할 때 Cloudroll ${version} 버전이 설치됩니다.`,
  upToDate: '최신 버전입니다.',
  updateFailed: '새 버전이 있는지 확인하지 못했습니다. 나중에 다시 시도하세요.',
  updatesOff: '소스에서 실행하는 동안에는 업데이트를 사용하지 않습니다.',
  aboutBody: '컴퓨터의 모든 사진을 내가 고른 클라우드에 안전하게 보관합니다.',
};
