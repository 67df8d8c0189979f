import type { DestinationKind } from '../kind.ts';
import { s3Presets } from './presets.ts';
import { s3Cards } from './s3-cards.ts';
import { s3SettingsOf } from './settings.ts';

/** `s3://bucket/prefix?endpoint=…&region=…&preset=…`: Amazon S3 and everything that speaks its protocol. */
export const s3Kind: DestinationKind = {
  scheme: 's3',
  title: 'S3 and compatible object storage',
  example: 's3://my-photos/backup?endpoint=https://s3.example.org',
  secrets: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'],
  presets: s3Presets.map(({ id, title }) => ({ id, title })),
  cards: s3Cards,
  open: async (url, context) => {
    const settings = s3SettingsOf(url);
    // The SDK costs a tenth of a second to load; who never uses it does not pay.
    const { S3Destination } = await import('./s3-destination.ts');
    return new S3Destination(settings, context);
  },
};
