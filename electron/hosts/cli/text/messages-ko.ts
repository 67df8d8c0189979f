import type { FailureCode } from '../../../../shared/domain/failure.ts';
import type { UsageProblem } from '../arguments/usage-error.ts';
import type { Advice, Messages, SyncEnd } from './messages.ts';
import type { Numbers } from './numbers.ts';

/** Korean. */
export function koreanMessages(numbers: Numbers): Messages {
  // Photos, videos and the sidecars that travel with them.
  const files = (count: number) => `파일 ${numbers.count(count)}개`;
  return {
    numbers,
    usage,
    failureLead: (code) => leads[code],
    help: {
      about:
        '이 컴퓨터의 모든 사진을 고르신 곳에 안전하게 백업하고, 실제로 그곳에 있음을 확인합니다.',
      usage: '사용법',
      commands: '명령',
      options: '옵션',
      example: '예',
      more: '명령별 도움말: cloudroll sync --help',
      command: {
        sync: '폴더의 사진과 동영상을 백업합니다',
        status: '무엇이 어디에 백업되었는지 보여 줍니다',
        list: '모든 사진을 최신순으로 나열합니다',
        verify: '모든 백업이 사진을 온전히 가지고 있는지 검사합니다',
        destinations: '백업할 수 있는 곳과 사용 중인 곳을 보여 줍니다',
        restore: '백업한 곳에서 모두 되찾아옵니다',
        check: '백업할 곳이 약속을 지키는지 시험합니다',
        serve: '계속 백업하면서 화면을 브라우저로 보여 줍니다',
        upload: '어디에 있는 파일이든 하나씩 백업합니다',
        'sign-in': '브라우저로 클라우드에 로그인합니다',
        'sign-out': '클라우드에서 로그아웃합니다',
      },
      details: {
        sync: '폴더에서 사진과 동영상을 모두 찾아 아직 없는 것을 보내고, 실제로 저장되었음을 백업한 곳에서 확인받습니다. 내 폴더의 파일은 절대 바꾸지 않으며, 여기서 사진을 지워도 백업에서는 지워지지 않습니다. 언제든 다시 실행하면 멈춘 곳부터 이어집니다.\n\n비밀번호와 키는 URL에 쓰지 않습니다. 환경 변수에서 읽으며, 변수 이름은 "cloudroll destinations"가 알려 줍니다.',
        status: '백업한 곳마다 사진이 몇 장 있는지, 무엇이 왜 남았는지 보여 줍니다.',
        list: '모든 사진과 동영상의 촬영 시각과 백업된 곳을 보여 줍니다.',
        verify:
          '있어야 할 것과 실제로 있는 것을 비교합니다. --read-data를 붙이면 읽은 지 가장 오래된 것부터 내용도 다시 읽습니다. URL이 없으면 카탈로그의 모든 곳을 검사합니다.',
        destinations:
          '백업할 수 있는 곳의 종류, URL 형식, 비밀 정보를 담는 환경 변수, 그리고 사용 중인 곳을 보여 줍니다.',
        restore:
          '모든 사진을 폴더, 이름, 시각 그대로 되찾아옵니다. 백업한 곳만 있으면 되며, 이미 있는 파일은 건드리지 않습니다. 중단되면 다시 실행해 이어갈 수 있습니다.',
        check: '모든 백업 대상이 통과해야 하는 시험을 실제로 실행하고, 끝나면 흔적을 지웁니다.',
        serve:
          '창 없이 Cloudroll을 실행합니다. 화면이 없는 홈 서버에 알맞습니다. 설정해 둔 폴더를 계속 백업하고, 표시되는 주소를 브라우저로 열면 모든 것을 볼 수 있습니다. 그 주소는 이 컴퓨터에서만 열리며 주소를 아는 사람만 들어올 수 있습니다. 다른 컴퓨터에서 쓰려면 ssh로 포트를 연결하세요: ssh -L 47613:127.0.0.1:47613 server',
        'sign-in':
          'Dropbox 같은 서비스의 로그인 페이지를 브라우저로 열고, 로그인 정보를 이 컴퓨터의 키체인에 보관한 뒤, --to에 쓸 URL을 알려 줍니다. 백업할 곳의 종류나 폴더가 들어간 전체 URL을 쓰세요. 키체인이나 브라우저가 없는 서버에서 쓰려면 다른 컴퓨터에서 --print-token으로 로그인하고, 표시된 내용을 서버의 환경 변수에 넣으세요.',
        'sign-out':
          '"cloudroll sign-in"이 보관한 로그인 정보를 지우고, 서비스에서도 끊습니다. 그곳에 있는 것은 아무것도 지우지 않습니다.',
        upload:
          '실행 중인 Cloudroll에 파일을 넘기거나, 실행 중인 것이 없으면 직접 백업합니다. 설정해 둔 곳으로 백업하며 파일은 있던 자리에 그대로 둡니다.',
      },
      option: {
        to: '사진을 백업할 곳; 여러 번 쓸 수 있습니다',
        from: '되찾아올 백업이 있는 곳',
        into: '되찾은 사진을 둘 폴더',
        watch: '계속 실행하며 새 사진이 생기면 백업합니다',
        'dry-run': '무엇을 보낼지 보여 주기만 합니다',
        'no-previews': '미리보기 그림을 만들지 않습니다',
        'start-anew': '백업한 곳을 일부러 비우거나 바꾸었으니 모두 다시 보냅니다',
        'accept-changes': '폴더를 일부러 옮기거나 비우거나 정리했습니다',
        limit: '모든 전송을 합친 초당 최대 바이트, 예: 500K, 2.5M',
        transfers: '한 곳에 동시에 보낼 사진 수 (1~64)',
        'device-name': '백업에 적을 이 컴퓨터의 이름 (기본값: 호스트 이름)',
        'read-data': '내용까지 다시 읽습니다; 퍼센트를 정할 수 있습니다',
        port: '사용할 포트 (기본값: 47613, 쓰고 있으면 비어 있는 아무 포트)',
        open: '주소를 브라우저로 엽니다',
        'no-browser': '로그인 페이지의 주소만 표시합니다',
        'print-token':
          '로그인 정보를 보관하지 않고 화면에 표시합니다. 이 정보를 가진 사람은 누구나 들어올 수 있습니다',
        album: '파일을 넣을 앨범',
        data: '카탈로그를 둘 폴더 (기본값: 시스템이 정한 곳)',
        json: '한 줄에 JSON 객체 하나씩, 마지막 줄은 요약',
        lang: '표시 언어 (기본값: 시스템 언어)',
        help: '도움말을 보여 줍니다',
        version: '버전을 보여 줍니다',
      },
    },
    watching: () => '새 사진을 기다리고 있습니다. 끝내려면 Ctrl-C를 누르세요.',
    phase: (phase) =>
      ({
        connecting: '연결 중',
        working: '백업 중',
        previews: '미리보기 만드는 중',
        done: '끝',
      })[phase],
    found: ({ filesFound, scanned }) =>
      `파일 ${numbers.count(filesFound)}개 찾음${scanned ? '' : '…'}`,
    read: ({ filesRead, filesToRead }) =>
      `${numbers.count(filesToRead)}개 중 ${numbers.count(filesRead)}개 읽음`,
    delivered: ({ delivered, toDeliver }) =>
      `${numbers.count(toDeliver)}개 중 ${numbers.count(delivered)}개 확인됨`,
    previews: (made, wanted) => `미리보기 ${numbers.count(made)} / ${numbers.count(wanted)}`,
    ofBytes: (done, total) => `${numbers.bytes(done)} / ${numbers.bytes(total)}`,
    timeLeft: (seconds) => `${numbers.duration(seconds)} 남음`,
    problemsSoFar: (count) => `문제 ${numbers.count(count)}건`,
    problem: (path, destination) =>
      destination === null ? `백업되지 않음: ${path}` : `${destination}에 백업되지 않음: ${path}`,
    moreOfTheSame: (count, destination) =>
      `… 같은 이유로 ${destination === null ? '' : `${destination}에서 `}${numbers.count(count)}건 더 있습니다 (--json은 모두 보여 줍니다).`,
    notice: (destination) => (destination === null ? '알림' : `${destination} 알림`),
    wouldUpload: (path, destination, key) => `보낼 것: ${path} → ${destination}의 ${key}`,
    backedUp: (path, destination) => `${destination}에 백업됨: ${path}`,
    stoppedDestination: (name) => `${name}에 더 보낼 수 없습니다`,
    syncEnd: (end) => syncEnd(end, numbers),
    stopping: () => '멈추는 중… 바로 끝내려면 Ctrl-C를 한 번 더 누르세요.',
    crashed: (message, log) =>
      `Cloudroll 자체의 오류로 멈추었습니다: ${message}${log === null ? '' : ` 자세한 내용은 ${log}에 있습니다.`}`,
    status: {
      nothing: (data) => `아직 백업한 것이 없습니다. ${data}에 카탈로그가 없습니다.`,
      never: '없음',
      files: ({ files, bytes }) => `파일 ${numbers.count(files)}개, ${numbers.bytes(bytes)}`,
      notTried: () => '다음 실행을 기다립니다.',
      state: (state) =>
        ({
          queued: '대기 중',
          uploading: '보내는 중',
          verified: '백업됨',
          failed: '백업되지 않음',
        })[state],
      lastVerified: (moment) => `마지막 확인: ${moment}`,
      reasons: () => '백업되지 않은 이유:',
      reason: (count) => `${numbers.count(count)}건`,
      notQueued: (count) => `읽지 못했거나 아직 읽지 않은 파일 ${numbers.count(count)}개:`,
      allSafe: () => '찾은 것은 모두 백업되었습니다.',
    },
    list: {
      columns: ['촬영', '크기', '용량', '백업', '파일'],
      nothing: () => '카탈로그에 아직 사진이 없습니다.',
    },
    destinations: {
      signIn: (command) => `로그인: ${command}`,
      publishes: '사진을 보여 주기만 하며 백업으로 치지 않습니다',
      kinds: '백업할 수 있는 곳',
      known: '사용 중인 곳',
      none: '아직 없습니다.',
      secrets: '비밀 정보',
      presets: '프리셋',
      holds: (count, bytes) => `파일 ${numbers.count(count)}개 백업됨, ${numbers.bytes(bytes)}`,
    },
    publish: {
      noBackup: (titles) => ({
        message: `${titles.join(', ')}: 사진을 보여 주기만 하고 백업하지 않는 곳입니다.`,
        hint: '사진을 보관할 곳도 함께 지정하세요. 예: --to file:///media/backup',
      }),
      notShown: (path, destination, skipped) =>
        skipped
          ? `${destination}에 올리지 않음: ${path}`
          : `${destination}에 아직 올리지 못함: ${path}`,
      end: (name, { published, alreadyPublished, failed, skipped }) => {
        const parts = [
          `새로 ${numbers.count(published)}장`,
          `이전에 ${numbers.count(alreadyPublished)}장`,
          ...(failed > 0 ? [`아직 ${numbers.count(failed)}장`] : []),
          ...(skipped > 0 ? [`받지 않는 파일 ${numbers.count(skipped)}개`] : []),
        ];
        return `${name}에서 보기(백업 아님): ${parts.join(', ')}.`;
      },
      standing: ({ alreadyPublished, failed, skipped }) =>
        `보여 주기만 함, 백업 아님: 올림 ${numbers.count(alreadyPublished)}장, 아직 ${numbers.count(failed)}장, 받지 않는 파일 ${numbers.count(skipped)}개`,
      reasons: () => '보여 주지 못한 이유:',
      ignored: (count) => `이 가운데 ${numbers.count(count)}건은 무시합니다.`,
    },
    restore: {
      planned: (assets, bytes) =>
        `되찾을 것: ${files(assets)}, ${numbers.bytes(bytes)} (사이드카 포함).`,
      progress: (done, assets) => `${numbers.count(assets)}개 중 ${numbers.count(done)}개 되찾음`,
      failed: (path) => `되찾지 못함: ${path}`,
      end: ({ assets, restored, alreadyThere, failed, bytes, seconds, into, cancelled }) => {
        const lines: string[] = [];
        if (cancelled) lines.push('멈추었습니다. 같은 명령을 다시 실행하면 이어집니다.');
        else if (failed > 0) {
          lines.push(`${files(assets)} 중 ${numbers.count(failed)}개를 되찾지 못했습니다.`);
        } else if (assets === 0) lines.push('그곳에는 사진이 없습니다.');
        else lines.push(`모두 되찾았습니다: ${into}에 ${files(assets)}.`);
        lines.push(
          `새로 받음 ${numbers.count(restored)}개 (${numbers.bytes(bytes)}, ${numbers.duration(seconds)}), 이미 있던 것 ${numbers.count(alreadyThere)}개.`,
        );
        return lines;
      },
    },
    verify: {
      phase: (phase) =>
        ({
          journals: '기록 읽는 중',
          list: '목록 비교 중',
          look: '파일 하나씩 확인 중',
          read: '내용 읽는 중',
        })[phase],
      progress: (done, total) =>
        total === null ? numbers.count(done) : `${numbers.count(done)} / ${numbers.count(total)}`,
      finding: (kind, what) =>
        ({
          missing: `없음: ${what}`,
          wrongSize: `크기가 다름: ${what}`,
          corrupt: `손상됨: ${what}`,
          unreadable: `읽을 수 없음: ${what}`,
          unjournalled: `기록에 없음: ${what}`,
          extra: `카탈로그에 없음: ${what}`,
          journal: `손상된 기록: ${what}`,
        })[kind],
      end: (name, { expected, intact, read, bytesRead }) => {
        const how =
          read === 0 ? '' : ` ${files(read)}를 다시 읽었습니다 (${numbers.bytes(bytesRead)}).`;
        return intact === expected
          ? [`${name}: ${files(expected)}가 모두 있습니다.${how}`]
          : [
              `${name}: ${files(expected)} 중 ${numbers.count(expected - intact)}개가 없거나 손상되었습니다.${how}`,
              '다음에 sync를 실행하면 다시 보냅니다.',
            ];
      },
    },
    check: {
      outcome: (outcome) => ({ passed: '통과', failed: '실패', skipped: '건너뜀' })[outcome],
      end: (passed, failed) =>
        failed === 0
          ? `약속을 지킵니다: 시험 ${numbers.count(passed)}개를 통과했습니다.`
          : `시험 ${numbers.count(failed)}개에 실패했습니다. 이곳에 의지하지 마세요.`,
      space: (used, total) =>
        total === null
          ? `공간: ${numbers.bytes(used)} 사용 중`
          : `공간: ${numbers.bytes(total)} 중 ${numbers.bytes(used)} 사용 중`,
    },
    serve: {
      address: (address) => `Cloudroll을 실행했습니다. 이 주소를 여세요: ${address}`,
      howToStop: () => '끝내려면 Ctrl-C를 누르세요.',
      noBrowser: () => '열 수 있는 브라우저가 없습니다. 주소를 직접 여세요.',
    },
    signIn: {
      unknown: (kind, known) => ({
        message: `"${kind}"에는 브라우저 로그인이 없습니다.`,
        hint: `${numbers.list(known)}에 있습니다. 다른 곳에 필요한 것은 "cloudroll destinations"가 알려 줍니다.`,
      }),
      otherAccount: (signedIn, named) => ({
        message: `${signedIn} 계정으로 로그인했지만, URL에는 ${named} 계정이 적혀 있습니다.`,
        hint: `${named} 계정으로 로그인하거나, URL에 ${signedIn} 계정을 쓰세요.`,
      }),
      noKeychain: (message, hint, variable) => ({
        message: `이 컴퓨터의 키체인을 쓸 수 없습니다. ${message}`,
        hint: `키체인의 잠금을 푸세요. ${hint} 또는 --print-token을 붙여 실행하고, 표시된 내용을 환경 변수(${variable})에 넣으세요. Cloudroll은 이 정보를 파일에 쓰지 않습니다.`,
      }),
      notSignedIn: (url) => ({
        message: `${url}에 보관된 로그인 정보가 없습니다.`,
        hint: '"cloudroll sign-in"이 알려 준 URL을 그대로 쓰세요. 환경 변수에 있는 것은 직접 지우세요.',
      }),
      goOn: (provider) =>
        `브라우저의 ${provider} 페이지에서 계속하세요. 페이지가 열리지 않았으면 이 주소를 여세요:`,
      open: (provider) => `${provider}에 로그인하려면 이 컴퓨터의 브라우저에서 이 주소를 여세요:`,
      done: (account, url, kept) => [
        kept
          ? `${account} 계정으로 로그인했습니다.`
          : `${account} 계정으로 로그인했습니다. 아무것도 보관하지 않았으니 위의 줄을 환경 변수에 넣고, 다른 사람에게 보여 주지 마세요.`,
        `이렇게 쓰세요: --to "${url}"`,
      ],
      signedOut: (provider, state) =>
        ({
          revoked: `로그아웃했습니다. ${provider}에서도 끊었습니다.`,
          unsupported: `여기서 로그아웃했습니다. ${provider}에서도 끊으려면 그곳 계정의 연결된 앱에서 Cloudroll을 지우세요.`,
          shared: `여기서 로그아웃했습니다. 같은 계정을 쓰는 다른 백업이 있어 ${provider}에는 알리지 않았습니다.`,
          failed: `여기서 로그아웃했습니다. ${provider}에는 알리지 못했으니, 그곳 계정의 연결된 앱에서 Cloudroll을 지우세요.`,
        })[state],
    },
    uploadEnd: ({ files, backedUp, alreadyBackedUp, ignored, failed }) => {
      const parts = [
        `백업함 ${numbers.count(backedUp)}개`,
        `이미 백업됨 ${numbers.count(alreadyBackedUp)}개`,
        ...(ignored > 0 ? [`사진·동영상 아님 ${numbers.count(ignored)}개`] : []),
        ...(failed > 0 ? [`백업하지 못함 ${numbers.count(failed)}개`] : []),
      ];
      return `파일 ${numbers.count(files)}개: ${parts.join(', ')}.`;
    },
    portTaken: (port) => ({
      message: `다른 프로그램이 쓰고 있어 포트 ${String(port)}을(를) 쓸 수 없습니다.`,
      hint: '--port로 다른 포트를 지정하거나 --port를 빼세요.',
    }),
    runningAlready: (address) => ({
      message: `이 데이터 폴더로 Cloudroll이 이미 실행 중입니다${address === null ? '.' : `: ${address}`}`,
      hint:
        address === null
          ? '그 창을 열거나, 먼저 그것을 끝내세요.'
          : '그 주소를 열거나, 먼저 그것을 끝내세요.',
    }),
    nothingToVerify: () => ({
      message: '아직 검사할 곳이 없습니다.',
      hint: '먼저 "cloudroll sync"를 실행하거나, --data로 데이터 폴더를 지정하세요.',
    }),
    unknownDestination: (url) => ({
      message: `카탈로그에 ${url} 이(가) 없습니다.`,
      hint: '"cloudroll destinations"로 사용 중인 곳을 볼 수 있습니다.',
    }),
    sameDestinationTwice: (url) => ({
      message: `${url} 을(를) 두 번 지정하셨습니다. 한 번으로 칩니다.`,
      hint: '',
    }),
    noSuchFolder: (path) => ({
      message: `${path} 폴더가 없습니다.`,
      hint: '경로를 확인하거나, 폴더가 있는 드라이브를 연결하세요.',
    }),
    notAFolder: (path) => ({
      message: `${path} 은(는) 폴더가 아닙니다.`,
      hint: '파일이 들어 있는 폴더를 지정하세요.',
    }),
    folderInside: (inner, outer) => ({
      message: `${inner} 폴더는 ${outer} 안에 있습니다. 사진은 한 번만 셉니다.`,
      hint: '',
    }),
    dataInside: (data, place) => ({
      message: `데이터 폴더 ${data} 이(가) ${place} 안에 있습니다.`,
      hint: '--data로 그 바깥의 데이터 폴더를 지정하세요.',
    }),
    insideData: (place, data) => ({
      message: `${place} 이(가) 데이터 폴더 ${data} 안에 있습니다.`,
      hint: '다른 폴더를 지정하거나, --data로 다른 데이터 폴더를 지정하세요.',
    }),
    intoOverlap: (into, from) => ({
      message: `폴더 ${into} 와(과) 백업 ${from} 이(가) 겹칩니다.`,
      hint: '따로 마련한 폴더에 되찾으세요.',
    }),
  };
}

const leads: Readonly<Record<FailureCode, string>> = {
  offline: '연결할 수 없습니다.',
  timeout: '응답이 너무 늦습니다.',
  rateLimited: '요청이 너무 많다고 합니다.',
  serverError: '서버에 오류가 있습니다.',
  auth: '로그인이 거부되었습니다.',
  quota: '저장 공간이 가득 찼습니다.',
  notFound: '찾을 수 없습니다.',
  conflict: '이미 다른 것이 있습니다.',
  corrupt: '손상되었습니다.',
  changed: '읽는 동안 바뀌었습니다.',
  unreadable: '읽을 수 없습니다.',
  diskFull: '디스크가 가득 찼습니다.',
  readOnly: '쓸 수 없습니다.',
  unsupported: '지원하지 않습니다.',
  invalid: '잘못 지정되었습니다.',
  busy: '다른 작업이 끝나기를 기다려야 합니다.',
  cancelled: '중단되었습니다.',
  bug: 'Cloudroll 자체의 오류입니다.',
};

function usage(problem: UsageProblem): Advice {
  const see = (command: string | null) =>
    `"cloudroll ${command === null ? '' : `${command} `}--help"로 쓸 수 있는 것을 볼 수 있습니다.`;
  switch (problem.problem) {
    case 'noCommand':
      return { message: '명령이 없습니다.', hint: see(null) };
    case 'unknownCommand':
      return {
        message: `"${problem.given}" 명령은 없습니다.`,
        hint: problem.nearest === null ? see(null) : `"${problem.nearest}"를 뜻하셨나요?`,
      };
    case 'unknownOption':
      return {
        message:
          problem.command === null
            ? `${problem.given} 옵션은 없습니다.`
            : `"${problem.command}"에는 ${problem.given} 옵션이 없습니다.`,
        hint: problem.nearest === null ? see(problem.command) : `${problem.nearest}를 뜻하셨나요?`,
      };
    case 'missingValue':
      return {
        message: `${problem.option}에 값이 필요합니다.`,
        hint: `${problem.option} ${problem.placeholder}처럼 쓰세요.`,
      };
    case 'unwantedValue':
      return { message: `${problem.option}에는 값을 쓰지 않습니다.`, hint: see(null) };
    case 'twice':
      return { message: `${problem.option}이 두 번 있습니다.`, hint: '한 번만 쓰세요.' };
    case 'missingOption':
      return {
        message: `"${problem.command}"에는 ${problem.option}가 필요합니다.`,
        hint: see(problem.command),
      };
    case 'missingOperand':
      return {
        message: `"${problem.command}"에는 ${problem.name}이 필요합니다.`,
        hint: see(problem.command),
      };
    case 'unwantedOperand':
      return {
        message: `"${problem.command}"에는 "${problem.given}"을(를) 쓸 수 없습니다.`,
        hint: see(problem.command),
      };
    case 'conflict':
      return {
        message: `${problem.options[0]}와 ${problem.options[1]}은 함께 쓸 수 없습니다.`,
        hint: '하나를 빼세요.',
      };
    case 'badRate':
      return {
        message: `"${problem.given}"은(는) 속도가 아닙니다.`,
        hint: '초당 바이트를 500K, 2.5M, 1G처럼 쓰세요.',
      };
    case 'badPercent':
      return {
        message: `"${problem.given}"은(는) 퍼센트가 아닙니다.`,
        hint: '0보다 크고 100 이하인 수를 --read-data=10처럼 쓰세요.',
      };
    case 'badLanguage':
      return { message: `"${problem.given}" 언어는 없습니다.`, hint: 'en이나 ko를 고르세요.' };
    case 'badNumber':
      return {
        message: `${problem.option}은 ${problem.min}부터 ${problem.max}까지의 정수이며 "${problem.given}"은(는) 쓸 수 없습니다.`,
        hint: '다른 수를 쓰세요.',
      };
  }
}

function syncEnd(
  { summary, cancelled, namedFailures, problems }: SyncEnd,
  numbers: Numbers,
): string[] {
  const photos = (count: number) => `사진 ${numbers.count(count)}장`;
  const { found, skipped, failed, uploaded, alreadyBackedUp, wouldUpload } = summary;
  const names = numbers.list(Object.keys(summary.destinations));
  const open = failed + skipped;
  const lines: string[] = [];
  if (wouldUpload !== undefined) {
    lines.push(
      `${photos(found)} 중 ${numbers.count(wouldUpload)}장을 ${names}에 보내게 됩니다. 바뀐 것은 없습니다.`,
    );
    return lines;
  }
  if (cancelled) {
    lines.push(
      `멈추었습니다. 지금까지 본 ${photos(summary.photos)} 중 ${numbers.count(uploaded + alreadyBackedUp)}장이 ${names}에 백업되어 있습니다. 같은 명령을 다시 실행하면 이어집니다.`,
    );
  } else if (open > 0) {
    lines.push(
      `${photos(found)} 중 ${numbers.count(open)}장이 위의 이유로 아직 백업되지 않았습니다.`,
    );
  } else if (namedFailures > 0) {
    lines.push(
      `${names}에 ${photos(summary.photos)}이 백업되었지만, 다른 항목 ${numbers.count(namedFailures)}개는 위의 이유로 백업되지 않았습니다.`,
    );
  } else if (problems > 0) {
    lines.push(
      `${names}에 ${photos(summary.photos)}이 백업되었지만, 모두 살펴보지는 못했습니다. 위를 보세요.`,
    );
  } else if (found === 0) {
    lines.push('사진이나 동영상을 찾지 못했습니다.');
  } else {
    lines.push(`모두 백업되었습니다: ${names}에 ${photos(summary.photos)}.`);
  }
  const sent =
    uploaded === 0
      ? '새로 보낸 것 없음'
      : `${photos(uploaded)} 보냄 (${numbers.bytes(summary.bytesUploaded)})`;
  lines.push(
    `${sent}, ${numbers.duration(summary.seconds)} 걸림; 이미 있던 것 ${numbers.count(alreadyBackedUp)}장.`,
  );
  const beside = [
    summary.duplicates > 0 ? `중복 ${numbers.count(summary.duplicates)}개` : '',
    summary.sidecars > 0 ? `사이드카 ${numbers.count(summary.sidecars)}개` : '',
    summary.ignored > 0 ? `무시한 다른 파일 ${numbers.count(summary.ignored)}개` : '',
  ].filter((part) => part !== '');
  if (beside.length > 0) lines.push(`그 밖에 ${numbers.list(beside)}.`);
  return lines;
}
