/** What is known of a provider before it is asked; everything else is probed. */
export interface S3Preset {
  readonly id: string;
  readonly title: string;
  /** `{region}` stands for the region; null where the SDK knows it or the user has to say. */
  readonly endpoint: string | null;
  /** Null where the user has to name one. */
  readonly region: string | null;
  /** Whether the bucket stands in the path or in front of the host name. */
  readonly style: 'path' | 'virtual';
  /** `1`: the provider documents only the first version of ListObjects. `2`: tried first, with a fallback. */
  readonly listVersion: 1 | 2;
  /** Whether an endpoint that the user gives belongs to it. */
  readonly ownsHost: (host: string) => boolean;
}

/**
 * Providers that speak S3. Endpoints: Naver Cloud (api.ncloud-docs.com), IBM (cloud.ibm.com/docs/cloud-object-storage),
 * Google (docs.cloud.google.com/storage/docs/interoperability), Cloudflare (developers.cloudflare.com/r2),
 * Backblaze (backblaze.com/docs), Wasabi (docs.wasabi.com). KT Cloud publishes no stable host name: its users
 * give the endpoint their console shows.
 */
export const s3Presets: readonly S3Preset[] = [
  {
    id: 'aws',
    title: 'Amazon S3',
    endpoint: null,
    region: 'us-east-1',
    style: 'virtual',
    listVersion: 2,
    ownsHost: (host) => host.endsWith('.amazonaws.com'),
  },
  {
    id: 'ncloud',
    title: 'Naver Cloud Object Storage',
    endpoint: 'https://{area}.object.ncloudstorage.com',
    region: 'kr-standard',
    style: 'path',
    listVersion: 1,
    ownsHost: (host) =>
      host.endsWith('.object.ncloudstorage.com') || host.endsWith('.object.ncpstorage.com'),
  },
  {
    id: 'ncloud-storage',
    title: 'Naver Ncloud Storage',
    endpoint: 'https://{region}.ncloudstorage.com',
    region: 'kr',
    style: 'virtual',
    listVersion: 2,
    ownsHost: (host) => host.endsWith('.ncloudstorage.com'),
  },
  {
    id: 'ktcloud',
    title: 'KT Cloud',
    endpoint: null,
    region: 'us-east-1',
    style: 'path',
    listVersion: 2,
    ownsHost: (host) => host.endsWith('.ktcloud.com') || host.endsWith('.cloud.kt.com'),
  },
  {
    id: 'ibm',
    title: 'IBM Cloud Object Storage',
    endpoint: 'https://s3.{region}.cloud-object-storage.appdomain.cloud',
    region: null,
    style: 'path',
    listVersion: 1,
    ownsHost: (host) => host.endsWith('.cloud-object-storage.appdomain.cloud'),
  },
  {
    id: 'gcs',
    title: 'Google Cloud Storage (S3 interoperability)',
    endpoint: 'https://storage.googleapis.com',
    region: 'auto',
    style: 'path',
    listVersion: 2,
    ownsHost: (host) => host === 'storage.googleapis.com',
  },
  {
    id: 'r2',
    title: 'Cloudflare R2',
    endpoint: null,
    region: 'auto',
    style: 'path',
    listVersion: 2,
    ownsHost: (host) => host.endsWith('.r2.cloudflarestorage.com'),
  },
  {
    id: 'b2',
    title: 'Backblaze B2',
    endpoint: 'https://s3.{region}.backblazeb2.com',
    region: null,
    style: 'path',
    listVersion: 2,
    ownsHost: (host) => host.endsWith('.backblazeb2.com'),
  },
  {
    id: 'wasabi',
    title: 'Wasabi',
    endpoint: 'https://s3.{region}.wasabisys.com',
    region: 'us-east-1',
    style: 'path',
    listVersion: 2,
    ownsHost: (host) => host.endsWith('.wasabisys.com'),
  },
  {
    id: 'minio',
    title: 'MinIO',
    endpoint: null,
    region: 'us-east-1',
    style: 'path',
    listVersion: 2,
    ownsHost: () => false,
  },
  {
    id: 'other',
    title: 'Another server that speaks S3',
    endpoint: null,
    region: 'us-east-1',
    style: 'path',
    listVersion: 2,
    ownsHost: () => false,
  },
];

/** Endpoint of a preset in a region. */
export function endpointOf(preset: S3Preset, region: string): string | undefined {
  if (preset.endpoint === null) return undefined;
  // Naver: the regions kr-standard, us-standard … live at kr.object…, us.object…; Japan under another domain.
  const area = region.split('-')[0] ?? region;
  if (preset.id === 'ncloud' && area === 'jp') return 'https://jp.object.ncpstorage.com';
  return preset.endpoint.replace('{region}', region).replace('{area}', area);
}
