import { parseDestinationUrl } from '../../../shared/domain/destination-url.ts';
import { SystemClock } from '../../../electron/engine/adapters/system-clock.ts';
import { SystemRandom } from '../../../electron/engine/adapters/system-random.ts';
import type { OpenContext } from '../../../electron/engine/destinations/open-context.ts';
import { S3Destination } from '../../../electron/engine/destinations/s3/s3-destination.ts';
import { s3SettingsOf } from '../../../electron/engine/destinations/s3/settings.ts';
import { silentLogger } from '../../../electron/engine/logging/logger.ts';
import { environmentSecrets } from '../../../electron/engine/secrets/environment-secrets.ts';

export interface S3Access {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A destination in a bucket of a test server, below `photos/`. */
export function openS3(
  access: S3Access,
  bucket: string,
  changes: Partial<Pick<OpenContext, 'clock' | 'purpose' | 'secrets'>> = {},
): S3Destination {
  const { endpoint, region, accessKeyId, secretAccessKey } = access;
  const url = parseDestinationUrl(`s3://${bucket}/photos?endpoint=${endpoint}&region=${region}`);
  return new S3Destination(s3SettingsOf(url), {
    clock: new SystemClock(),
    random: new SystemRandom(),
    logger: silentLogger,
    purpose: 'setUp',
    secrets: environmentSecrets({
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    }),
    ...changes,
  });
}
