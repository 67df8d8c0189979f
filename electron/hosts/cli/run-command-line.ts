import { failureOf, type Failure } from '../../../shared/domain/failure.ts';
import { Redactor, secretsOf } from '../../engine/logging/redact.ts';
import { SystemKeychain } from '../../engine/secrets/system-keychain.ts';
import { parseCommandLine, type Invocation, type Options } from './arguments/parse.ts';
import type { CommandName } from './arguments/table.ts';
import { UsageError } from './arguments/usage-error.ts';
import { CommandError } from './command-error.ts';
import type { Context } from './context.ts';
import { recordCrash } from './crash.ts';
import { statusOfDestination } from './exit-status.ts';
import { dataDirectoryPath } from './session/data-directory-path.ts';
import { StopSignals, type SignalSource } from './stop-signals.ts';
import { Output, type Sink } from './terminal/output.ts';
import { helpText } from './text/help.ts';
import { readingOf } from './text/language.ts';
import { englishMessages } from './text/messages-en.ts';
import { loadMessages, type Messages } from './text/messages.ts';
import { Numbers } from './text/numbers.ts';
import { tellFailure } from './text/tell-failure.ts';
import { version } from './version.ts';

/** The process that the command line runs in. */
export interface Host {
  readonly process: SignalSource & {
    readonly stdout: Sink;
    readonly stderr: Sink;
    on(event: 'uncaughtException', listener: (error: unknown) => void): unknown;
    exit(status: number): never;
  };
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly workingDirectory: string;
  readonly home: string;
}

/** Runs one command and returns the exit status, when all output has left the process. */
export async function runCommandLine(args: readonly string[], host: Host): Promise<number> {
  const { environment, process } = host;
  const { redact, hide } = new Redactor(secretsOf(environment));
  const parsed = parse(args);
  const json = 'invocation' in parsed ? parsed.invocation.options.json : args.includes('--json');
  const language = 'invocation' in parsed ? parsed.invocation.options.language : undefined;
  const messages = await loadMessages(readingOf(language, environment));
  const { stdout, stderr } = process;
  const output = new Output({ stdout, stderr, json, environment, redact });
  const status =
    'invocation' in parsed
      ? await perform(parsed.invocation, { host, output, messages, redact, hide })
      : tellError(parsed.error, output, messages);
  output.endDrawing();
  await output.flush();
  return status;
}

interface Surroundings {
  readonly host: Host;
  readonly output: Output;
  readonly messages: Messages;
  readonly redact: (text: string) => string;
  readonly hide: (secret: string) => void;
}

function parse(args: readonly string[]): { invocation: Invocation } | { error: UsageError } {
  try {
    return { invocation: parseCommandLine(args) };
  } catch (error) {
    if (error instanceof UsageError) return { error };
    throw error;
  }
}

async function perform(invocation: Invocation, around: Surroundings): Promise<number> {
  const { output, messages } = around;
  switch (invocation.kind) {
    case 'version':
      output.line(version());
      output.data({ event: 'summary', version: version() });
      return 0;
    case 'help': {
      const text = helpText(invocation.command, messages);
      output.line(text);
      output.data({ event: 'summary', help: text });
      return 0;
    }
    case 'run':
      return performCommand(invocation.command, invocation.operands, invocation.options, around);
  }
}

async function performCommand(
  command: CommandName,
  operands: readonly string[],
  options: Options,
  { host, output, messages, redact, hide }: Surroundings,
): Promise<number> {
  const { process, environment, platform, workingDirectory, home } = host;
  const dataDirectory = dataDirectoryPath(options.data, host);
  const stop = new StopSignals(
    process,
    () => {
      output.problem(messages.stopping());
    },
    (status) => {
      output.endDrawing();
      process.exit(status);
    },
  );
  const onCrash = (error: unknown): void => {
    output.endDrawing();
    const log = recordCrash(error, dataDirectory, redact);
    output.data({ event: 'error', failure: failureOf(error) });
    output.fatal(messages.crashed(failureOf(error).message, log));
    process.exit(1);
  };
  process.on('uncaughtException', onCrash);
  const context: Context = {
    options,
    operands,
    output,
    messages,
    environment,
    platform,
    workingDirectory,
    home,
    dataDirectory,
    keychain: new SystemKeychain(platform),
    redact,
    hide,
    signal: stop.signal,
  };
  try {
    const execute = await loadCommand(command);
    const status = await execute(context);
    return stop.status ?? status;
  } catch (error) {
    if (stop.status !== null && failureOf(error).code === 'cancelled') {
      output.data({ event: 'summary', cancelled: true });
      return stop.status;
    }
    if (failureOf(error).code === 'bug' && !(error instanceof CommandError)) {
      onCrash(error);
      return 1;
    }
    return tellError(error, output, messages);
  }
}

/** Each command's own modules are loaded when it is the one that is asked for. */
async function loadCommand(command: CommandName): Promise<(context: Context) => Promise<number>> {
  switch (command) {
    case 'sync':
      return (await import('./commands/sync.ts')).syncCommand;
    case 'status':
      return (await import('./commands/status.ts')).statusCommand;
    case 'list':
      return (await import('./commands/list.ts')).listCommand;
    case 'verify':
      return (await import('./commands/verify.ts')).verifyCommand;
    case 'destinations':
      return (await import('./commands/destinations.ts')).destinationsCommand;
    case 'restore':
      return (await import('./commands/restore.ts')).restoreCommand;
    case 'check':
      return (await import('./commands/check.ts')).checkCommand;
    case 'serve':
      return (await import('./commands/serve.ts')).serveCommand;
    case 'sign-in':
      return (await import('./commands/sign-in.ts')).signInCommand;
    case 'sign-out':
      return (await import('./commands/sign-out.ts')).signOutCommand;
    case 'upload':
      return (await import('./commands/upload.ts')).uploadCommand;
  }
}

/** Says why a command could not be carried out, for people and as data; returns the status. */
function tellError(error: unknown, output: Output, messages: Messages): number {
  const english = englishMessages(new Numbers('en-US'));
  const told = (
    advise: (texts: Messages) => { message: string; hint: string },
    code: Failure['code'],
  ) => {
    const { message, hint } = advise(messages);
    output.data({ event: 'error', failure: { code, ...advise(english) } });
    output.fatal(`cloudroll: ${message} ${hint}`.trim());
  };
  if (error instanceof UsageError) {
    told((texts) => texts.usage(error.problem), 'invalid');
    return 2;
  }
  if (error instanceof CommandError) {
    told(error.advice, error.code);
    return error.status;
  }
  const failure = failureOf(error);
  output.data({ event: 'error', failure });
  output.fatal(`cloudroll: ${tellFailure(failure, messages)}`);
  return statusOfDestination(failure.code);
}
