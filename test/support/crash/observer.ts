/**
 * Loaded into a process under test with `--import`, before the product: notes each commit of the catalogue,
 * each change of a watched file and each HTTP request, and strikes the process at one of them. The product
 * itself knows nothing of it.
 */
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync, promises as fs } from 'node:fs';
import { ClientRequest, type IncomingMessage } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { isMainThread } from 'node:worker_threads';
import { observationVariable, type Observation, type Step } from './strike.ts';

function readObservation(json: string): Observation {
  // Written by the test that started this process.
  return JSON.parse(json) as Observation;
}

function observe(observation: Observation): void {
  const note = noting(observation);
  observeCatalogue(note);
  observeFiles(observation.watched, note);
  observeRequests(note);
}

type Note = (step: Step) => void;

function noting({ log, strike }: Observation): Note {
  let occurrences = 0;
  return (step) => {
    appendFileSync(log, `${JSON.stringify(step)}\n`);
    if (strike?.step !== step.name) return;
    occurrences += 1;
    if (occurrences !== strike.occurrence) return;
    appendFileSync(log, `${JSON.stringify({ name: 'struck' })}\n`);
    process.kill(process.pid, strike.signal);
  };
}

type Call = (...values: unknown[]) => unknown;

/** Replaces a method by one that gets the original to call. */
function wrap(
  object: object,
  name: string,
  around: (original: Call, self: object, values: unknown[]) => unknown,
): void {
  const original: unknown = Reflect.get(object, name);
  if (typeof original !== 'function') throw new Error(`there is no ${name} to be observed`);
  Reflect.set(object, name, function (this: object, ...values: unknown[]) {
    const call: Call = (...given) => Reflect.apply(original, this, given);
    return around(call, this, values);
  });
}

function observeCatalogue(note: Note): void {
  const statements = new WeakMap<object, { database: DatabaseSync; change: string | null }>();
  const changes = new WeakMap<object, Set<string>>();
  const commit = (change: string, call: () => unknown): unknown => {
    note({ name: `before commit: ${change}` });
    const result = call();
    note({ name: `after commit: ${change}` });
    return result;
  };
  wrap(DatabaseSync.prototype, 'prepare', (prepare, self, values) => {
    const statement = prepare(...values);
    if (self instanceof DatabaseSync && statement instanceof StatementSync) {
      statements.set(statement, { database: self, change: changeOf(String(values[0])) });
    }
    return statement;
  });
  wrap(DatabaseSync.prototype, 'exec', (exec, self, values) => {
    const [verb] = String(values[0]).trim().split(/\s/u);
    if (verb === 'BEGIN') changes.set(self, new Set());
    if (verb === 'CREATE') changes.get(self)?.add('schema');
    const made = [...(changes.get(self) ?? [])];
    if (verb !== 'COMMIT' || made.length === 0) return exec(...values);
    return commit(made.join('; '), () => exec(...values));
  });
  for (const method of ['run', 'get', 'all']) {
    wrap(StatementSync.prototype, method, (call, self, values) => {
      const statement = statements.get(self);
      if (statement?.change == null) return call(...values);
      const { database, change } = statement;
      if (!database.isTransaction) return commit(change, () => call(...values));
      changes.get(database)?.add(change);
      return call(...values);
    });
  }
}

/** A statement's change in a few words; null for one that changes nothing. */
function changeOf(sql: string): string | null {
  const words = sql.replace(/\s+/gu, ' ').trim();
  return (
    /^(?:INSERT INTO|UPDATE|DELETE FROM) \w+(?: SET [a-z_]+ = ('\w+'|\w+)?)?/u.exec(words)?.[0] ??
    null
  );
}

function observeFiles(watched: readonly string[], note: Note): void {
  const change = async (what: string, path: unknown, call: () => unknown): Promise<unknown> => {
    const text = Buffer.isBuffer(path) ? path.toString() : String(path);
    const root = watched.find((folder) => text === folder || text.startsWith(`${folder}/`));
    if (root === undefined) return call();
    const name = `${what} ${basename(root)}${withoutIds(text.slice(root.length))}`;
    note({ name: `before ${name}` });
    const result = await call();
    note({ name: `after ${name}` });
    return result;
  };
  for (const [method, pathAt] of changingCalls) {
    wrap(fs, method, (call, _self, values) =>
      change(method, values[pathAt], () => call(...values)),
    );
  }
  wrap(fs, 'open', async (open, _self, values) => {
    const handle = await open(...values);
    if (typeof handle !== 'object' || handle === null) return handle;
    for (const method of ['sync', 'write']) {
      wrap(handle, method, (call, _handle, given) =>
        change(method, values[0], () => call(...given)),
      );
    }
    return handle;
  });
  syncBuiltinESMExports();
}

/** Calls that change what a crash leaves behind, and which of their arguments names the file. */
const changingCalls = [
  ['copyFile', 1],
  ['link', 1],
  ['mkdir', 0],
  ['rename', 1],
  ['rmdir', 0],
  ['unlink', 0],
] as const;

function observeRequests(note: Note): void {
  subscribe('http.client.request.created', (message) => {
    note({ name: `before ${requestOf(message)}` });
  });
  subscribe('http.client.request.start', (message) => {
    const name = `while ${requestOf(message)}`;
    // Once the first bytes are on their way.
    setImmediate(() => {
      note({ name });
    });
  });
  subscribe('http.client.response.finish', (message) => {
    const { response } = message as { response: IncomingMessage };
    note({ name: `after ${requestOf(message)}`, status: response.statusCode ?? 0 });
  });
}

function requestOf(message: unknown): string {
  const { request } = message as { request: unknown };
  if (!(request instanceof ClientRequest)) throw new Error('a request without its description');
  const url = new URL(request.path, 'http://localhost');
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'x-id' && name !== 'uploadId')
    .map(([name, value]) => (name === 'partNumber' ? `part=${value}` : name));
  const upload = url.searchParams.has('uploadId') ? ['upload'] : [];
  const [, , , ...key] = decodeURIComponent(url.pathname).split('/');
  return [request.method, withoutIds(key.join('/')), ...upload, ...query].join(' ');
}

function withoutIds(name: string): string {
  return name.replace(/[0-9a-f]{16,}/gu, '<id>');
}

const given = process.env[observationVariable];
// Neither worker threads nor other processes that this one starts are observed.
Reflect.deleteProperty(process.env, observationVariable);
if (isMainThread && given !== undefined) observe(readObservation(given));
