import { startWebHost, type WebHost, type WebHostOptions } from './web-host.ts';

/** The port that is taken where nobody names one, so that a bookmark or a tunnel finds it again. */
export const usualPort = 47_613;

/**
 * Starts the host on the port that was named, or on the usual one, or on any that is free where that is taken.
 * Null where the named port cannot be had.
 */
export async function listenOnPort(
  wanted: number | undefined,
  options: Omit<WebHostOptions, 'port'>,
): Promise<WebHost | null> {
  try {
    return await startWebHost({ ...options, port: wanted ?? usualPort });
  } catch (error) {
    if (!isPortRefused(error)) throw error;
    return wanted === undefined ? startWebHost({ ...options, port: 0 }) : null;
  }
}

function isPortRefused(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'EADDRINUSE' || error.code === 'EACCES')
  );
}
