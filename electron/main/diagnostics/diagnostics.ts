import { readFile } from 'node:fs/promises';

import { failureOf } from '../../../shared/domain/failure.ts';

export interface DiagnosticsOptions {
  readonly version: string;
  readonly packaged: boolean;
  readonly platform: string;
  readonly systemVersion: string;
  readonly versions: Readonly<Record<string, string | undefined>>;
  readonly languages: readonly string[];
  /** The state the tray shows. */
  readonly summary: string;
  /** What the engine tells of itself. */
  readonly engine: () => Promise<string>;
  /** Log of the desktop app. */
  readonly log: string;
  readonly redact: (text: string) => string;
}

const lastLines = 60;

/**
 * What helps those who look into a problem: versions, states and the ends of the logs, without secrets.
 */
export async function collectDiagnostics(options: DiagnosticsOptions): Promise<string> {
  const { version, packaged, platform, systemVersion, versions, languages, summary } = options;
  const text = [
    `Cloudroll ${version}${packaged ? '' : ' (from source)'}`,
    `${platform} ${systemVersion}, Electron ${versions['electron'] ?? '-'}, Chromium ${versions['chrome'] ?? '-'}, Node ${versions['node'] ?? '-'}`,
    `Languages: ${languages.join(', ')}`,
    `State: ${summary}`,
    '',
    '## Engine',
    await options.engine().catch((error: unknown) => failureOf(error).message),
    '',
    '## Desktop log',
    await endOf(options.log),
  ].join('\n');
  return options.redact(text);
}

async function endOf(file: string): Promise<string> {
  try {
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    return lines.slice(-lastLines).join('\n');
  } catch {
    return 'There is none.';
  }
}
