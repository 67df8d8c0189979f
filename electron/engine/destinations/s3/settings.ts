import { destinationName } from '../../../../shared/domain/destination-url.ts';
import type { DestinationUrl } from '../../../../shared/domain/destination-url.ts';
import { fail } from '../../../../shared/domain/failure.ts';
import { refuseUnknownOptions } from '../refuse-options.ts';
import { endpointOf, s3Presets } from './presets.ts';
import type { S3Preset } from './presets.ts';

/** Everything a URL says of a bucket. */
export interface S3Settings {
  /** Stable name of the destination, for secrets. */
  readonly name: string;
  readonly bucket: string;
  /** Empty, or ends in `/`. */
  readonly prefix: string;
  /** Undefined where the SDK knows it. */
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly pathStyle: boolean;
  readonly preset: S3Preset;
}

export const s3Options = ['endpoint', 'region', 'preset', 'style'] as const;

/** The settings in `s3://bucket/prefix?endpoint=…&region=…&preset=…&style=path|virtual`. */
export function s3SettingsOf(url: DestinationUrl): S3Settings {
  refuseUnknownOptions(url, s3Options);
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/u.test(url.authority)) {
    throw fail('invalid', 'An s3: destination has to name a bucket.', {
      hint: 'Write it like s3://my-photos/prefix?endpoint=https://….',
    });
  }
  const { endpoint: givenEndpoint, region: givenRegion, style } = url.query;
  const given = givenEndpoint === undefined ? undefined : checkedEndpoint(givenEndpoint);
  const preset = presetOf(url.query['preset'], given);
  const region = givenRegion ?? preset.region;
  if (region === null || !/^[A-Za-z0-9][A-Za-z0-9.-]*$/u.test(region)) {
    throw fail('invalid', `${preset.title} needs the region of the bucket.`, {
      hint: 'Add region=… to the destination.',
    });
  }
  const endpoint = given ?? endpointOf(preset, region);
  if (endpoint === undefined && preset.id !== 'aws') {
    throw fail('invalid', `${preset.title} needs the address of the server.`, {
      hint: 'Add endpoint=https://… to the destination, as your provider shows it.',
    });
  }
  if (style !== undefined && style !== 'path' && style !== 'virtual') {
    throw fail('invalid', 'The option "style" is path or virtual.');
  }
  return {
    name: destinationName(url),
    bucket: url.authority,
    prefix: url.path === '' ? '' : `${url.path}/`,
    endpoint,
    region,
    pathStyle: (style ?? preset.style) === 'path',
    preset,
  };
}

function presetOf(id: string | undefined, endpoint: string | undefined): S3Preset {
  const host = endpoint === undefined ? undefined : new URL(endpoint).hostname;
  const found =
    id === undefined
      ? (s3Presets.find((preset) =>
          host === undefined ? preset.id === 'aws' : preset.ownsHost(host),
        ) ?? s3Presets.find((preset) => preset.id === 'other'))
      : s3Presets.find((preset) => preset.id === id);
  if (found !== undefined) return found;
  const known = s3Presets.map((preset) => preset.id).join(', ');
  throw fail('invalid', `There is no preset "${id ?? ''}" for s3: destinations.`, {
    hint: `The presets are ${known}.`,
  });
}

function checkedEndpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const proper =
    url !== null &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    url.search === '' &&
    url.hash === '';
  if (!proper) {
    throw fail('invalid', 'The endpoint of an s3: destination is not an http or https address.', {
      hint: 'Write it like endpoint=https://s3.example.org.',
    });
  }
  return text.replace(/\/+$/u, '');
}
