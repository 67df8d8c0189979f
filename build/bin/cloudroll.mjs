#!/usr/bin/env node
// The command `cloudroll`: runs the command line host on Node 24.
//
// Plain JavaScript that also starts on older Nodes: the machine's own may be older than what the
// TypeScript sources and SQLite need, so the project brings Node 24 along as an npm package. `npx` and
// `npm run` find that one first on the PATH and the command runs right here; started any other way,
// this process starts it and stands in for it.
import { spawn } from 'node:child_process';
import * as nodeModule from 'node:module';
import { Socket } from 'node:net';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { findNode24, isNode24 } from './node24.mjs';

/** Set for a process that has a launcher: the file descriptor of a pipe that closes when it dies. */
const LIFELINE = 'CLOUDROLL_LAUNCHER_PIPE';
const LIFELINE_DESCRIPTOR = 3;

/** What a shell reports of a program that wrote to a closed pipe. */
const CLOSED_OUTPUT_STATUS = 128 + constants.signals.SIGPIPE;

if (isNode24()) {
  makeRoomForWaiting();
  followLauncher();
  muteKnownWarnings();
  endWithOutput();
  enableCompileCache();
  await import('../../electron/hosts/cli/main.ts');
} else {
  startNode24();
}

/**
 * Threads for calls that wait for a disk. Node's four are soon all waiting until a disk has written what it
 * was given, and meanwhile nothing is copied or looked at. Has to be said before the first such call.
 */
function makeRoomForWaiting() {
  process.env['UV_THREADPOOL_SIZE'] ??= '12';
}

/** Ends this process when its launcher is gone, however that ended: nobody could stop it any more. */
function followLauncher() {
  if (process.env[LIFELINE] === undefined) return;
  Reflect.deleteProperty(process.env, LIFELINE);
  const pipe = new Socket({ fd: LIFELINE_DESCRIPTOR, readable: true, writable: false });
  pipe.on('error', () => undefined);
  pipe.on('close', () => process.exit());
  pipe.resume();
  pipe.unref();
}

/** Two features in use are stable enough for us and say on some releases of Node 24 that they are not. */
function muteKnownWarnings() {
  const known = /^(?:Type Stripping|SQLite) is an experimental feature/u;
  const emitWarning = process.emitWarning.bind(process);
  /** @param {[string | Error, ...unknown[]]} args */
  process.emitWarning = (...args) => {
    if (known.test(String(args[0]))) return;
    Reflect.apply(emitWarning, process, args);
  };
}

/** `cloudroll list | head`: a reader that has enough ends the command, quietly, as with other programs. */
function endWithOutput() {
  process.stdout.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
    if (error.code === 'EPIPE') process.exit(CLOSED_OUTPUT_STATUS);
    throw error;
  });
  process.stderr.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

/** Keeps compiled code between runs: halves the time to the first line of output. */
function enableCompileCache() {
  const beside = fileURLToPath(new URL('../../node_modules/.cache/cloudroll', import.meta.url));
  const { status } = nodeModule.enableCompileCache(beside);
  // Worker threads and child processes look here; without it each of them compiles everything anew.
  process.env['NODE_COMPILE_CACHE'] ??= beside;
  // An installation that this user cannot write to: Node's own place in the temporary directory.
  if (status === nodeModule.constants.compileCacheStatus.FAILED) nodeModule.enableCompileCache();
}

function startNode24() {
  const node = findNode24();
  if ('missing' in node) {
    console.error(`cloudroll: ${node.missing}`);
    process.exitCode = 2;
    return;
  }
  const onWindows = process.platform === 'win32';
  const child = spawn(node.path, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { ...process.env, [LIFELINE]: String(LIFELINE_DESCRIPTOR) },
    // A terminal sends Ctrl-C to its whole group. In a group of its own the command gets it once, from
    // here: it takes a second one for "stop at once".
    detached: !onWindows,
  });
  if (!onWindows) forwardSignals(child);
  else process.on('SIGINT', () => undefined);
  child.on('error', (error) => {
    console.error(`cloudroll: ${node.path} cannot be started: ${error.message}`);
    process.exitCode = 2;
  });
  child.on('exit', (status, signal) => {
    if (signal === null) process.exit(status);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/**
 * Passes on what this process is told, and lives until the child has ended.
 *
 * @param {import('node:child_process').ChildProcess} child
 */
function forwardSignals(child) {
  for (const signal of /** @type {const} */ ([
    'SIGINT',
    'SIGTERM',
    'SIGHUP',
    'SIGWINCH',
    'SIGCONT',
  ])) {
    process.on(signal, () => child.kill(signal));
  }
  process.on('SIGTSTP', () => {
    child.kill('SIGSTOP');
    process.kill(process.pid, 'SIGSTOP');
  });
}
