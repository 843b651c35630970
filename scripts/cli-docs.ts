import { readFileSync } from 'node:fs';
import type { Argument, Command, Option } from 'commander';
import { makeProgram } from '../clients/cli/program.ts';

export const CLI_DOCS = 'docs/cli.md';

const INTRODUCTION = 'scripts/cli-introduction.md';

const cell = (text: string): string => text.replaceAll('|', '\\|');
const optionRow = ({ flags, description }: Option): string => `| \`${cell(flags)}\` | ${cell(description)} |`;
function argumentText(argument: Argument): string {
  const shown = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${shown}>` : `[${shown}]`;
}

function section(command: Command, path: string): string {
  const { commands } = command;
  const called = `${path} ${command.name()}`;
  if (commands.length > 0) return commands.map((subcommand) => section(subcommand, called)).join('');
  const usage = [called, ...(command.registeredArguments as Argument[]).map(argumentText)].join(' ');
  const rows = command.options.filter(({ hidden }) => !hidden).map(optionRow);
  return [
    `## \`${usage}\``,
    '',
    `${command.description().replace(/^./, (first) => first.toUpperCase())}.`,
    '',
    ...(rows.length > 0 ? ['| option | |', '|---|---|', ...rows, ''] : []),
    '',
  ].join('\n');
}

/** docs/cli.md, from the commands themselves; a test holds the two against each other. */
export function cliDocs(): string {
  const program = makeProgram({
    out: () => {},
    err: () => {},
    env: {},
    self: [],
    isWatched: false,
    signal: new AbortController().signal,
    exitWith: () => {},
  });
  const common = [
    '## Options of every command',
    '',
    '| option | |',
    '|---|---|',
    ...program.options.map(optionRow),
    '',
    '',
  ];
  const sections = program.commands.map((command) => section(command, 'postern'));
  return `${readFileSync(INTRODUCTION, 'utf8')}${common.join('\n')}${sections.join('')}`
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()
    .concat('\n');
}
