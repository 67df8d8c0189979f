import type { TestProject } from 'vitest/node';
import { gatewayAnswers, gatewayObstacle, startGateway, type S3Access } from './rados-gateway.ts';
import { runningService } from './running.ts';

/** What tests learn of the S3 server: how to reach it, or why there is none. */
export type S3Service = S3Access | { readonly skipReason: string };

declare module 'vitest' {
  interface ProvidedContext {
    s3: S3Service;
  }
}

/**
 * Gives the tests of a vitest run an S3 server: the one of a whole `npm test` run, else one that
 * `npm run services:start` left running, else one of its own that ends with the run.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { service, stop } = await provideS3();
  if ('skipReason' in service)
    console.warn(`skipped: tests against an S3 server: ${service.skipReason}`);
  project.provide('s3', service);
  return stop;
}

/**
 * An S3 server for this process and those it starts, with what ends it. Where none can be had: under
 * `CI=true` an error, elsewhere the reason.
 */
export async function provideS3(): Promise<{ service: S3Service; stop: () => Promise<void> }> {
  const nothing = (): Promise<void> => Promise.resolve();
  const skipReason = process.env[SKIP];
  if (skipReason !== undefined) return { service: { skipReason }, stop: nothing };
  const existing = fromEnvironment() ?? (await runningService())?.access;
  if (existing !== undefined) {
    if (await gatewayAnswers(existing.endpoint)) return { service: existing, stop: nothing };
    throw new Error(`the S3 server at ${existing.endpoint} does not answer`);
  }
  try {
    const obstacle = gatewayObstacle();
    if (obstacle !== null) throw new Error(obstacle);
    const gateway = await startGateway('pipe');
    intoEnvironment(gateway.access);
    return {
      service: gateway.access,
      stop: () => {
        leaveEnvironment();
        return gateway.stop();
      },
    };
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const unavailable = `no S3 server: ${reason}; as root on Debian: npm run services:start`;
    process.env[SKIP] = unavailable;
    return { service: { skipReason: unavailable }, stop: nothing };
  }
}

const VARIABLES = {
  endpoint: 'CLOUDROLL_TEST_S3_ENDPOINT',
  region: 'CLOUDROLL_TEST_S3_REGION',
  accessKeyId: 'CLOUDROLL_TEST_S3_ACCESS_KEY',
  secretAccessKey: 'CLOUDROLL_TEST_S3_SECRET_KEY',
} as const satisfies Record<keyof S3Access, string>;

/** Why there is none, so that not every project of a run tries to install it again. */
const SKIP = 'CLOUDROLL_TEST_S3_UNAVAILABLE';

function fromEnvironment(): S3Access | undefined {
  const endpoint = process.env[VARIABLES.endpoint];
  if (endpoint === undefined) return undefined;
  return {
    endpoint,
    region: process.env[VARIABLES.region] ?? 'us-east-1',
    accessKeyId: process.env[VARIABLES.accessKeyId] ?? '',
    secretAccessKey: process.env[VARIABLES.secretAccessKey] ?? '',
  };
}

function intoEnvironment(access: S3Access): void {
  process.env[VARIABLES.endpoint] = access.endpoint;
  process.env[VARIABLES.region] = access.region;
  process.env[VARIABLES.accessKeyId] = access.accessKeyId;
  process.env[VARIABLES.secretAccessKey] = access.secretAccessKey;
}

function leaveEnvironment(): void {
  for (const variable of Object.values(VARIABLES)) Reflect.deleteProperty(process.env, variable);
}
