import { parentPort, workerData } from 'node:worker_threads';

import { failureOf } from '../../../../shared/domain/failure.ts';
import { Database } from '../../catalog/database.ts';
import { readStanding } from '../../catalog/standing.ts';
import type { StandingAnswer, StandingQuestion } from './standing-protocol.ts';

const { catalogue } = workerData as { readonly catalogue: string };
let database: Database | null = null;

parentPort?.on('message', (question: StandingQuestion) => {
  parentPort?.postMessage(answerTo(question));
});

function answerTo({ id, request }: StandingQuestion): StandingAnswer {
  try {
    database ??= Database.openForReading(catalogue);
    if (database === null) {
      return { id, failure: { code: 'busy', message: 'The catalogue is being made.' } };
    }
    const started = performance.now();
    const standing = readStanding(database, request);
    return { id, standing, tookMs: performance.now() - started };
  } catch (error) {
    return { id, failure: failureOf(error) };
  }
}
