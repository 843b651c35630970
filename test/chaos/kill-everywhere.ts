import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { CfnTemplate } from '../../sandbox/template/types.ts';
import type { KillPoint } from './kill-points.ts';
import type { VictimOrders, VictimSays } from './victim-messages.ts';

const VICTIM = fileURLToPath(new URL('./victim.ts', import.meta.url));

/** How one victim ended: killed where it was to be, or alive because it never came there. */
type Death = {
  readonly point: KillPoint;
  readonly killed: boolean;
  /** Requests that its callers were told of, and those that it found open when it booted, of the ones before it. */
  readonly accepted: number;
  readonly closedAtBoot: number;
};

/** Runs one victim to its end. Throws where it failed by itself. */
async function run(orders: VictimOrders, folder: string): Promise<{ said: VictimSays[]; killed: boolean }> {
  const victim = spawn(process.execPath, [VICTIM, JSON.stringify(orders)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // What a killed process leaves in its temporary folder goes with this one.
    env: { ...process.env, TMPDIR: folder },
  });
  const ended = new Promise<NodeJS.Signals | number | null>((resolve) =>
    victim.on('close', (code, signal) => resolve(signal ?? code)),
  );
  const [out, complaints, how] = await Promise.all([text(victim.stdout), text(victim.stderr), ended]);
  if (how !== 0 && how !== 'SIGKILL') throw new Error(`the victim ended with ${how}: ${complaints}`);
  const lines = out.split('\n').filter((line) => line.startsWith('{'));
  return { said: lines.map((line): VictimSays => JSON.parse(line)), killed: how === 'SIGKILL' };
}

/**
 * Kills the sandbox at every point in turn, each time restarted over the tables that the one before left; then
 * lets one live, and answers what it found of all of them.
 */
export async function killEverywhere(
  points: readonly KillPoint[],
  { template, bundles }: { readonly template: CfnTemplate; readonly bundles: string },
  onDeath: (death: Death) => void = () => {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'postern-chaos-'));
  try {
    const common = { bundles, dataDir: join(folder, 'data'), templateFile: join(folder, 'template.json') };
    writeFileSync(common.templateFile, JSON.stringify(template));
    const said: VictimSays[] = [];
    const deaths: Death[] = [];
    for (const [nth, point] of points.entries()) {
      const { killed, said: last } = await run({ ...common, name: `victim-${nth}`, killAt: point }, folder);
      said.push(...last);
      const death = {
        point,
        killed,
        accepted: last.filter((line) => 'accepted' in line).length,
        closedAtBoot: last.flatMap((line) => ('closedAtBoot' in line ? line.closedAtBoot : [])).length,
      };
      deaths.push(death);
      onDeath(death);
    }
    const { said: end } = await run({ ...common, name: 'survivor', said }, folder);
    const [found] = end.flatMap((line) => ('found' in line ? [line.found] : []));
    if (!found) throw new Error('the survivor found nothing');
    return { deaths, ...found };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
