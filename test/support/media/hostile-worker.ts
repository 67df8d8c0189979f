import { parentPort } from 'node:worker_threads';
import type { WorkerReply, WorkerRequest } from '../../../electron/engine/media/worker-protocol.ts';

/** A media worker whose parser misbehaves as the file's name says. */

const reply = (message: WorkerReply): void => parentPort?.postMessage(message);

parentPort?.on('message', ({ id, path }: WorkerRequest) => {
  if (path.includes('crash-before-hash')) process.exit(3);
  const type = { kind: 'photo', mime: 'image/jpeg' } as const;
  reply({ id, event: 'hashed', sha256: 'ab'.repeat(32), bytes: 7, type });
  if (path.includes('hang')) loopForEver();
  if (path.includes('memory')) eatMemory();
  if (path.includes('throw')) throw new Error('a parser nobody caught');
  reply({ id, event: 'parsed', tags: { make: 'Fine' }, failure: null });
});

function loopForEver(): never {
  for (;;) Math.hypot(1, 2);
}

function eatMemory(): never {
  const kept: unknown[] = [];
  for (;;) kept.push(Array.from({ length: 100_000 }, (_, index) => ({ index })));
}
