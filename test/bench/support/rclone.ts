import type { Command } from './measure.ts';
import { s3Environment, type Reached } from './s3-server.ts';

/** No configuration of the person's, and no certificates where there is no TLS. */
const plain = { RCLONE_CONFIG: '', AWS_CA_BUNDLE: undefined };

/** `rclone copy` from folder to folder. */
export function rcloneToFolder(
  folder: string,
  target: string,
  more: readonly string[] = [],
): Command {
  return { program: 'rclone', args: ['copy', ...more, folder, target], environment: plain };
}

/** `rclone copy` to a bucket, with so many transfers at once. */
export function rcloneToBucket(folder: string, { access, bucket, transfers }: Reached): Command {
  const atOnce = String(transfers);
  return {
    program: 'rclone',
    args: ['copy', '--transfers', atOnce, '--checkers', atOnce, folder, `bench:${bucket}/photos`],
    environment: {
      ...plain,
      ...s3Environment(access),
      RCLONE_CONFIG_BENCH_TYPE: 's3',
      RCLONE_CONFIG_BENCH_PROVIDER: 'Ceph',
      RCLONE_CONFIG_BENCH_ENV_AUTH: 'true',
      RCLONE_CONFIG_BENCH_ENDPOINT: access.endpoint,
      RCLONE_CONFIG_BENCH_REGION: access.region,
      RCLONE_CONFIG_BENCH_FORCE_PATH_STYLE: 'true',
      RCLONE_CONFIG_BENCH_NO_CHECK_BUCKET: 'true',
    },
  };
}
