import {
  gatewayObstacle,
  startGateway,
  type RunningGateway,
  type S3Access,
} from '../../support/services/rados-gateway.ts';

/** A bucket, and how many transfers may go there at once. */
export interface Reached {
  readonly access: S3Access;
  readonly bucket: string;
  readonly transfers: number;
}

/** Keys as the usual variables name them. */
export function s3Environment({ accessKeyId, secretAccessKey }: S3Access): Record<string, string> {
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
}

/** Gives a fresh S3 server, in memory, for one thing to do and stops it afterwards. */
export async function withS3Server<T>(work: (access: S3Access) => Promise<T>): Promise<T> {
  const obstacle = gatewayObstacle();
  if (obstacle !== null) throw new Error(`the S3 server cannot run here: ${obstacle}`);
  const gateway: RunningGateway = await startGateway('pipe');
  try {
    return await work(gateway.access);
  } finally {
    await gateway.stop();
  }
}
