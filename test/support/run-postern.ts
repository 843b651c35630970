import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../clients/cli/run-cli.ts';
import { REGION } from '../../demo/place.ts';
import { posternProgram } from './postern-program.ts';
import type { Cloud } from './start-cloud.ts';

export type Ran = { readonly code: number | null; readonly out: string; readonly err: string };

/**
 * Runs the command line as principals of the demo, in a home that is nobody's: in this process, which is quick, or
 * in one of its own.
 */
export function posternOf(cloud: Cloud) {
  const home = mkdtempSync(join(tmpdir(), 'postern-home-'));
  const children = new Set<ChildProcess>();
  /** Everything that was printed, by the command that printed it. */
  const printed: { command: string; text: string }[] = [];
  const commandOf = (args: readonly string[]): string => args.find((arg) => !arg.startsWith('-')) ?? '';
  // The SDK reads these from the process; a profile a principal is how one process is all of them.
  process.env.AWS_SHARED_CREDENTIALS_FILE = join(home, 'profiles');
  process.env.AWS_ENDPOINT_URL = cloud.urls.aws;
  const profiles = Object.entries(cloud.access.principals).map(
    ([id, key]) =>
      `[${id}]\naws_access_key_id = ${key.accessKeyId}\naws_secret_access_key = ${key.secretAccessKey}\n`,
  );
  writeFileSync(process.env.AWS_SHARED_CREDENTIALS_FILE, profiles.join('\n'), { mode: 0o600 });

  const environmentOf = (as: string): NodeJS.ProcessEnv => {
    const key = cloud.access.principals[as];
    if (!key) throw new Error(`the demo has no principal ${as}`);
    return {
      PATH: process.env.PATH,
      HOME: home,
      POSTERN_API: cloud.urls.api,
      POSTERN_FEDERATION_ENDPOINT: `${cloud.urls.console}/federation`,
      AWS_ACCESS_KEY_ID: key.accessKeyId,
      AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
      AWS_REGION: REGION,
      AWS_ENDPOINT_URL: cloud.urls.aws,
      AWS_EC2_METADATA_DISABLED: 'true',
    };
  };

  function start(file: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
    const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    children.add(child);
    child.once('exit', () => children.delete(child));
    return child;
  }

  function ended(child: ChildProcess, command: string): Promise<Ran> {
    let out = '';
    let err = '';
    child.stdout?.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      err += chunk;
    });
    return new Promise((resolve) =>
      child.once('close', (code) => {
        printed.push({ command, text: out + err });
        resolve({ code, out, err });
      }),
    );
  }

  return {
    home,
    printed,
    environmentOf,
    /** Runs `postern …` as a principal, here. */
    async run(as: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
      const said = { out: '', err: '' };
      const code = await runCli(['--profile', as, '--region', REGION, ...args], {
        out: (text) => {
          said.out += `${text}\n`;
        },
        err: (text) => {
          said.err += `${text}\n`;
        },
        env: { ...environmentOf(as), ...env },
        self: [process.execPath, posternProgram()],
        isWatched: false,
        signal: new AbortController().signal,
      });
      printed.push({ command: commandOf(args), text: said.out + said.err });
      return { code, ...said };
    },
    /** Runs `postern …` as a principal in a process of its own, to its end. */
    runApart: (as: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> =>
      ended(
        start(process.execPath, [posternProgram(), ...args], { ...environmentOf(as), ...env }),
        commandOf(args),
      ),
    /** Starts `postern …`, and leaves it running. */
    start: (as: string, args: readonly string[]): ChildProcess =>
      start(process.execPath, [posternProgram(), ...args], environmentOf(as)),
    /** Runs any other program to its end. */
    other: (file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ran> =>
      ended(start(file, args, env), file),
    /** Starts any other program, and answers what becomes of it. */
    begin(file: string, args: readonly string[], env: NodeJS.ProcessEnv) {
      const child = start(file, args, env);
      return { child, ended: ended(child, file) };
    },
    close(): void {
      for (const child of children) child.kill('SIGKILL');
      rmSync(home, { recursive: true, force: true });
    },
  };
}
export type PosternOfCloud = ReturnType<typeof posternOf>;
