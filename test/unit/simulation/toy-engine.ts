import type { Destination } from '../../../electron/engine/destinations/contract.ts';
import { fail } from '../../../shared/domain/failure.ts';
import type { EngineSession, RunEngine } from '../../support/simulation/engine-session.ts';

const empty = { found: 0, photos: 0, duplicates: 0, uploaded: 0, alreadyBackedUp: 0, failed: 0 };

/** A few lines that behave like an engine towards the ports, to test the simulation and not the engine. */
export const toyEngine: RunEngine = async (session, signal) => {
  const jobs = session.roots.flatMap((root) =>
    session.destinations.map(({ destination }) => sendFolder(session, root, destination, signal)),
  );
  await Promise.allSettled(jobs);
  if (signal.aborted) throw fail('cancelled', 'The work was cancelled.');
  await session.clock.sleep(session.random.fraction() * 1000, signal);
  return { ...empty, skipped: 0, destinations: [] };
};

async function sendFolder(
  session: EngineSession,
  root: string,
  destination: Destination,
  signal: AbortSignal,
): Promise<void> {
  const { fileSystem, mediaReader } = session;
  const entries = await fileSystem.listDirectory(root, (entry) => entry.kind === 'file');
  for (const { name, stat } of entries) {
    if (stat === null) continue;
    const path = `${root}/${name}`;
    const { sha256, bytes, type } = await mediaReader.inspect(path, signal);
    if (type === null) continue;
    const source = {
      sha256,
      bytes,
      mime: type.mime,
      modifiedMs: stat.modifiedMs,
      open: (start: number, aborted: AbortSignal) => fileSystem.read(path, aborted, start),
    };
    await destination.put(`toy/${sha256}`, source, {}, signal);
  }
}
