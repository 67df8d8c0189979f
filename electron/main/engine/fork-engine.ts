import { session, utilityProcess } from 'electron';

import { proxyEnvironment, proxyProbe } from '../system/proxy.ts';
import type { EngineChild } from './engine-process.ts';

/** The environment of the engine's process: this one's, with the system's proxy. */
export async function engineEnvironment(): Promise<NodeJS.ProcessEnv> {
  const resolved = await session.defaultSession.resolveProxy(proxyProbe);
  return { ...process.env, ...proxyEnvironment(resolved, process.env) };
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
