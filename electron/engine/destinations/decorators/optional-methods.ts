import type { Destination } from '../contract.ts';

/** The methods that not every destination has, of this one, for those who stand before it. */
export function optionalMethods(
  inner: Destination,
): Pick<Destination, 'readBack' | 'quota' | 'endUploads'> {
  const readBack = inner.readBack?.bind(inner);
  const quota = inner.quota?.bind(inner);
  const endUploads = inner.endUploads?.bind(inner);
  return {
    ...(readBack === undefined ? {} : { readBack }),
    ...(quota === undefined ? {} : { quota }),
    ...(endUploads === undefined ? {} : { endUploads }),
  };
}
