import { spawn } from 'node:child_process';

type Options = {
  readonly env: NodeJS.ProcessEnv;
  /** What the command reads on its standard input; nothing where absent. */
  readonly input?: string;
};
export type Finished = { readonly status: number | null; readonly output: string };

/** Runs one of the project's commands as somebody at a shell would, without a terminal; answers all that it said. */
export function runCommand(command: string, args: readonly string[], { env, input }: Options) {
  return new Promise<Finished>((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output }));
    child.stdin.end(input ?? '');
  });
}
