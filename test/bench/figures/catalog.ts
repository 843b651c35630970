import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { accessPage } from '../../../console/views/pages/access-page.ts';
import { problemsWithIam } from '../../../infra/check-config.ts';
import { accessMatrixSchema } from '../../../lambdas/list-catalog/people-specs.ts';
import { makeConfig } from '../../../lambdas/shared/adapters/config/load-config.ts';
import { readConfigFiles } from '../../../lambdas/shared/adapters/config/read-config.ts';
import { divideCatalog } from '../../../lambdas/shared/domain/brokered/catalog-parts.ts';
import { digestOfPlannedRoles } from '../../../lambdas/shared/domain/brokered/planned-roles.ts';
import { grantableFor } from '../../../lambdas/shared/domain/guardrails/grantable-for.ts';
import { drawMatrix, matrixByGroup } from '../../../lambdas/shared/domain/guardrails/matrix-by-group.ts';
import { synthesiseAnew } from '../../../sandbox/template/synthesise.ts';
import { largeStaff, writeLargeConfig } from '../../support/large-config.ts';
import type { Row, TakeFigure } from '../figure.ts';

const PLACE = { partition: 'aws', region: 'eu-central-1', accountId: '123456789012' };
const PEOPLE = 50;

async function milliseconds<Answer>(task: () => Answer | Promise<Answer>): Promise<[number, Answer]> {
  const startedAt = performance.now();
  const answer = await task();
  return [Math.round(performance.now() - startedAt), answer];
}

/** From starting the sandbox as `npm start` does, to its greeting. Throws where it does not come up. */
async function startSandbox(folder: string): Promise<number> {
  const cwd = mkdtempSync(join(tmpdir(), 'postern-start-'));
  const startedAt = performance.now();
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [resolve('sandbox/start.ts')], {
    cwd,
    env: { PATH, HOME, PORT: '0', AWS_PORT: '0', POSTERN_CONFIG_DIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  let isUp = false;
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.trim().startsWith('console')) continue;
    isUp = true;
    break;
  }
  const took = Math.round(performance.now() - startedAt);
  child.kill('SIGTERM');
  await ended;
  rmSync(cwd, { recursive: true, force: true });
  if (!isUp) throw new Error('the sandbox did not come up');
  return took;
}

async function ofCatalog(resources: number, withStart: boolean): Promise<Row> {
  const folder = writeLargeConfig(resources);
  try {
    const [check, problems] = await milliseconds(() => problemsWithIam(folder));
    if (problems.length > 0) throw new Error(`the catalog is refused: ${problems[0]?.problem}`);
    const { catalog } = readConfigFiles(folder);
    const [plan] = await milliseconds(() => digestOfPlannedRoles(catalog.resources));
    const parts = new Set(divideCatalog(catalog.resources).values()).size;
    const [compile, config] = await milliseconds(() => makeConfig(PLACE, folder));
    const staff = largeStaff(PEOPLE, Math.ceil((resources - 8) / 10));
    const [filter, grantable] = await milliseconds(() =>
      staff.map((principal) => grantableFor(principal, { onBehalfOf: false }, config)),
    );
    if (grantable.some((found) => found.length === 0)) throw new Error('a team is granted nothing');
    const [matrix, drawn] = await milliseconds(() =>
      drawMatrix(matrixByGroup(config, staff), { never: false }),
    );
    const [console] = await milliseconds(async () => {
      const groups = matrixByGroup(config, staff);
      const page = {
        matrix: accessMatrixSchema.parse({ groups }),
        filter: {},
        principals: [],
        resources: [],
      };
      return String(await accessPage({ beside: [] }, page));
    });
    const [synth, template] = await milliseconds(() => synthesiseAnew(folder));
    return {
      what: `${resources} resources, ${PEOPLE} principals`,
      'check, ms': check,
      'plan roles, ms': plan,
      parts,
      'compile, ms': compile,
      'filter of one, ms': Math.round((filter / PEOPLE) * 10) / 10,
      'matrix, ms': matrix,
      'matrix, lines': drawn.split('\n').length,
      'console, ms': console,
      'synth, ms': synth,
      'template, kB': Math.round(JSON.stringify(template).length / 1000),
      CloudFormation: Object.keys(template.Resources).length,
      'start, ms': withStart ? await startSandbox(folder) : '',
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a large catalog costs where it is made, decided by and looked at: each grows as the catalog does. */
export const takeFigure: TakeFigure = async (say, size) => {
  const rows: Row[] = [];
  for (const resources of size === 'short' ? [60] : [50, 250, 500]) {
    say(`  ${resources} resources`);
    rows.push(await ofCatalog(resources, size === 'whole'));
  }
  return rows;
};
