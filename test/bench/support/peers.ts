import { spawnSync } from 'node:child_process';

/** A program of others that ours is held against. */
export interface Peer {
  readonly name: string;
  /** The Debian package that has it. */
  readonly package: string;
  /** Null where it is not installed. */
  readonly version: string | null;
}

const known = [
  { name: 'rclone', package: 'rclone', ask: ['version'] },
  { name: 'vipsthumbnail', package: 'libvips-tools', ask: ['--version'] },
  { name: 'djpeg', package: 'libjpeg-turbo-progs', ask: ['-version'] },
  { name: 'find', package: 'findutils', ask: ['--version'] },
  { name: 'sha256sum', package: 'coreutils', ask: ['--version'] },
  { name: 'cp', package: 'coreutils', ask: ['--version'] },
  { name: 'time', package: 'time', ask: ['--version'], path: '/usr/bin/time' },
] as const;

export type PeerName = (typeof known)[number]['name'];

/** The peers of this machine. */
export class Peers {
  readonly all: readonly Peer[];

  constructor() {
    this.all = known.map((peer) => ({
      name: peer.name,
      package: peer.package,
      version: versionOf('path' in peer ? peer.path : peer.name, peer.ask),
    }));
  }

  has(name: PeerName): boolean {
    return this.all.some((peer) => peer.name === name && peer.version !== null);
  }

  get missing(): readonly Peer[] {
    return this.all.filter(({ version }) => version === null);
  }
}

/** The first number with a dot in what a program says of itself. */
function versionOf(program: string, ask: readonly string[]): string | null {
  const { error, stdout, stderr } = spawnSync(program, ask, {
    encoding: 'utf8',
    timeout: 10_000,
    input: '',
  });
  if (error !== undefined) return null;
  return /\d+(?:\.\d+)+/u.exec(`${stdout}\n${stderr}`)?.[0] ?? 'unknown';
}
