import { closeSync, fsyncSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

import { failureOf } from '../../../shared/domain/failure.ts';
import { translateDatabaseError } from '../catalog/database.ts';
import type { UpkeepAnswer, UpkeepTask } from './upkeep.ts';

const busyTimeoutMs = 5000;

parentPort?.postMessage(answerTo(workerData as UpkeepTask));

function answerTo(task: UpkeepTask): UpkeepAnswer {
  try {
    return { done: true, sound: task.kind === 'check' ? isSound(task) : copy(task) };
  } catch (error) {
    const failure = failureOf(translateDatabaseError(error));
    if (task.kind === 'check' && failure.code === 'corrupt') return { done: true, sound: false };
    return { done: false, failure };
  }
}

function isSound({ path, thorough }: Extract<UpkeepTask, { kind: 'check' }>): boolean {
  const pragma = thorough ? 'integrity_check' : 'quick_check';
  const handle = new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs });
  try {
    return handle.prepare(`PRAGMA ${pragma}(1)`).get()?.[pragma] === 'ok';
  } finally {
    handle.close();
  }
}

function copy({ from, to }: { readonly from: string; readonly to: string }): boolean {
  // Only a connection that may write clears the log away when it is the last to close.
  const handle = new DatabaseSync(from, { timeout: busyTimeoutMs });
  try {
    handle.prepare('VACUUM INTO ?').run(to);
  } finally {
    handle.close();
  }
  const file = openSync(to, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return true;
}
