import { Command } from 'commander';
import { ConfigError } from '../../lambdas/shared/domain/config-error.ts';
import { addAuditCommands } from './audit-commands.ts';
import { writeLine } from './write-line.ts';

// Whoever reads an export may have enough of it, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const program = new Command('postern');
const ports = { env: process.env, write: writeLine, fail: (line: string) => console.error(line) };
addAuditCommands(program, ports, (exitCode) => {
  process.exitCode = exitCode;
});
try {
  await program.parseAsync();
} catch (error) {
  // What the configuration has wrong is for whoever edits it: a line, and no stack.
  if (!(error instanceof ConfigError)) throw error;
  console.error(`postern audit: ${error.message}`);
  process.exitCode = 2;
}
