import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import type { S3Access } from '../../support/services/rados-gateway.ts';

/**
 * Gives a fresh S3 server that does next to nothing, in a process of its own, and ends it afterwards.
 * @param folder where it leaves the bodies of all objects, each in a file with a name of its own
 */
export async function withS3Sink<T>(
  folder: string,
  work: (access: S3Access) => Promise<T>,
): Promise<T> {
  const script = `${import.meta.dirname}/s3-sink-server.ts`;
  const child = spawn(process.execPath, [script, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const port = await Promise.race([firstLine(child.stdout), endOf(child)]);
    return await work({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      accessKeyId: 'bench',
      secretAccessKey: 'loopback-only-secret',
    });
  } finally {
    child.kill('SIGKILL');
  }
}

async function firstLine(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) return line;
  throw new Error('the S3 sink said nothing');
}

async function endOf(child: ReturnType<typeof spawn>): Promise<never> {
  await once(child, 'exit');
  throw new Error('the S3 sink ended');
}
