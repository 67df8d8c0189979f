import { session, utilityProcess } from 'electron';

import { proxyEnvironment, proxyProbe } from '../system/proxy.ts';
import type { EngineChild } from './engine-process.ts';

/**
 * The environment of the engine's process: this one's, with the system's proxy, and with more threads for calls
 * that wait for a disk than Node's four, which are soon all waiting for one thing.
 */
export async function engineEnvironment(): Promise<NodeJS.ProcessEnv> {
  const resolved = await session.defaultSession.resolveProxy(proxyProbe);
  return { UV_THREADPOOL_SIZE: '12', ...process.env, ...proxyEnvironment(resolved, process.env) };
}

/** Starts the engine in a process of its own, without a window and without Electron's own API. */
export function forkEngine(module: string, environment: NodeJS.ProcessEnv): EngineChild {
  return utilityProcess.fork(module, [], {
    serviceName: 'Cloudroll engine',
    env: environment,
    stdio: 'inherit',
  });
}

/**
 * Starts a process that renders thumbnails for the engine. Only the main process can: with the fuse for running
 * as Node off, the engine has no program of plain Node to start.
 */
export function forkThumbnails(module: string, environment: NodeJS.ProcessEnv): EngineChild {
  return utilityProcess.fork(module, [], {
    serviceName: 'Cloudroll thumbnails',
    env: environment,
    stdio: 'ignore',
  });
}
