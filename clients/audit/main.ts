import { once } from 'node:events';
import { Command } from 'commander';
import { auditCommands } from './audit-commands.ts';

async function write(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
}

// Whoever reads an export may have enough of it, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const ports = { env: process.env, write, fail: (line: string) => console.error(line) };
await new Command('postern')
  .addCommand(
    auditCommands(ports, (exitCode) => {
      process.exitCode = exitCode;
    }),
  )
  .parseAsync();
