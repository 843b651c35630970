#!/usr/bin/env node
import { runCli } from './run-cli.ts';

const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)
  process.once(name, () => interrupt.abort());
// Node.js would open its debugger on it, in a process that may hold a session.
process.on('SIGUSR1', () => {});

// Whoever read the output has gone, as `head` does: there is nobody left to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

// A detached server's parent has heard enough, and gone.
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

// Postern says itself what it runs on; a child of `exec` is told by its own SDK.
const env = { ...process.env };
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  env,
  self: [process.execPath, ...process.execArgv, process.argv[1] ?? ''],
  isWatched: process.stderr.isTTY === true,
  signal: interrupt.signal,
});
