/** `npm start [-- OPTION…]`: the app in Electron, or in a browser where Electron cannot show it. */
import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { readingOf } from '../../../electron/hosts/cli/text/language.ts';
import { runCommandLine } from '../../../electron/hosts/cli/run-command-line.ts';
import { hasScreen } from '../../../electron/hosts/open-browser.ts';
import { buildWhatChanged } from '../build/build.ts';
import { fetchElectron } from '../package/electron-binary.ts';

type Obstacle = 'noScreen' | 'noBinary';

const texts: Readonly<Record<Obstacle, { readonly en: string; readonly ko: string }>> = {
  noScreen: {
    en: 'There is no screen for windows here, so Cloudroll runs in the browser instead.',
    ko: '창을 띄울 화면이 없어 Cloudroll을 브라우저로 엽니다.',
  },
  noBinary: {
    en: "Electron's program is not installed and cannot be downloaded, so Cloudroll runs in the browser instead.",
    ko: 'Electron이 설치되어 있지 않고 내려받을 수도 없어 Cloudroll을 브라우저로 엽니다.',
  },
};

const root = fileURLToPath(new URL('../../../', import.meta.url));
const { platform, env: environment } = process;
const given = process.argv.slice(2);
const binary = hasScreen({ platform, environment }) ? electronBinary() : null;

if (binary === null) {
  const obstacle = hasScreen({ platform, environment }) ? 'noBinary' : 'noScreen';
  await buildWhatChanged(['renderer', 'bridge'], false);
  console.error(texts[obstacle][readingOf(undefined, environment).language]);
  process.exit(
    await runCommandLine(['serve', '--open', ...given], {
      process,
      environment,
      platform,
      workingDirectory: process.cwd(),
      home: homedir(),
    }),
  );
} else {
  await buildWhatChanged(['renderer', 'preload', 'main', 'engine'], false);
  const child = spawn(binary, [root, ...given], { stdio: 'inherit' });
  // Ctrl-C reaches the app by itself; this process only waits for it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
  child.on('exit', (status) => {
    process.exitCode = status ?? 1;
  });
}

/** Null where it cannot be had. */
function electronBinary(): string | null {
  const folder = fetchElectron();
  if (folder === null) return null;
  if (platform === 'darwin') return path.join(folder, 'Electron.app/Contents/MacOS/Electron');
  return path.join(folder, platform === 'win32' ? 'electron.exe' : 'electron');
}
