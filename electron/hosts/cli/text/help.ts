import { commandNames, commandSpecs, optionSpecs, type CommandName } from '../arguments/table.ts';
import { padTo } from '../terminal/width.ts';
import type { Messages } from './messages.ts';

/** Help for the program, or for one command. */
export function helpText(command: CommandName | null, messages: Messages): string {
  return command === null ? programHelp(messages) : commandHelp(command, messages);
}

function programHelp({ help }: Messages): string {
  const rows = commandNames.map((name) => [commandSpecs[name].usage, help.command[name]] as const);
  return [
    `cloudroll: ${help.about}`,
    '',
    `${help.commands}:`,
    ...rows.flatMap(([usage, about]) => [`  cloudroll ${usage}`, `      ${about}`]),
    '',
    `${help.example}:`,
    `  ${commandSpecs.sync.example}`,
    '',
    help.more,
  ].join('\n');
}

function commandHelp(command: CommandName, { help }: Messages): string {
  const spec = commandSpecs[command];
  const options = spec.options.map((name) => {
    const { value, placeholder, short } = optionSpecs[name];
    const shown = placeholder ?? '';
    const suffix = value === 'none' ? '' : value === 'required' ? ` ${shown}` : `[=${shown}]`;
    return [
      `${short === undefined ? '' : `-${short}, `}--${name}${suffix}`,
      help.option[name],
    ] as const;
  });
  const width = Math.max(...options.map(([left]) => left.length));
  return [
    `${help.usage}: cloudroll ${spec.usage}`,
    '',
    help.details[command],
    '',
    `${help.options}:`,
    ...options.map(([left, right]) => `  ${padTo(left, width)}  ${right}`),
    '',
    `${help.example}:`,
    `  ${spec.example}`,
  ].join('\n');
}
