import type { WebSocket } from 'ws';

import { failureOf } from '../../../shared/domain/failure.ts';
import type { Clock } from '../../engine/ports/clock.ts';

const everyMs = 30_000;

/** Asks the other side now and then whether it is there; one that is silent for a whole round is let go. */
export async function keepAlive(socket: WebSocket, clock: Clock): Promise<void> {
  const gone = new AbortController();
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  socket.once('close', () => {
    gone.abort();
  });
  try {
    for (;;) {
      await clock.sleep(everyMs, gone.signal);
      if (!answered) {
        socket.terminate();
        return;
      }
      answered = false;
      socket.ping();
    }
  } catch (error) {
    if (failureOf(error).code !== 'cancelled') throw error;
  }
}
