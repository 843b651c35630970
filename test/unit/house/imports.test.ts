import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  circlesIn,
  importsAgainst,
  importsIn,
  importsOf,
  type Layer,
  projectFolders,
  ROOT,
  readModuleGraph,
} from './module-graph.ts';

const layers: Layer[] = JSON.parse(
  readFileSync(new URL('../../cases/house/layers.json', import.meta.url), 'utf8'),
);
const graph = readModuleGraph();

/** The function that a file is of: a folder of `lambdas` or `lambdas/events`. */
const functionOf = (file: string): string | undefined =>
  /^lambdas\/(?!shared\/)((?:events\/)?[^/]+)\//.exec(file)?.[1];

/** Where one function may look into another: it answers for it, or does the same at another time. */
const SHARED_FUNCTIONS = [
  'events/close-request -> write-log',
  'front-door -> access-reviews',
  'front-door -> cast-vote',
  'front-door -> list-catalog',
  'front-door -> read-records',
  'lift-revocation -> revoke-session',
  'token-door -> front-door',
];

/** All that the sandbox may know of the deployment's code; the rest it reads from the template. */
const SANDBOX_FROM_INFRA = [
  'infra/app.ts',
  'infra/bundle/bundle-together.ts',
  'infra/check-config.ts',
  'infra/find-config-problems.ts',
  'infra/member-templates.ts',
  'infra/names.ts',
  'infra/own-parts.ts',
  'infra/settings.ts',
];

describe('imports', () => {
  it('go round in no circle, types counted', () => expect(circlesIn(graph)).toEqual([]));

  it('name files that are there', () => {
    // The graph holds no file of the root; configurations are read from there.
    const missing = importsOf(graph).filter(
      ({ to }) => to.endsWith('.ts') && !graph.has(to) && !existsSync(`${ROOT}${to}`),
    );
    expect(missing).toEqual([]);
  });

  it.each(layers)('of $folder point inward', (layer) => expect(importsAgainst(layer, graph)).toEqual([]));

  it('of infra know the demo only in files that are named for it', () => {
    const knowing = importsOf(graph).filter(
      ({ from, to }) => from.startsWith('infra/') && to.startsWith('demo/'),
    );
    expect(knowing.filter(({ from }) => !/demo[^/]*\.ts$/.test(from))).toEqual([]);
    expect(knowing.length).toBeGreaterThan(0);
  });

  it('of the sandbox take from infra the names, the bundles, the settings and the template', () => {
    const taken = importsOf(graph).filter(
      ({ from, to }) => from.startsWith('sandbox/') && to.startsWith('infra/'),
    );
    expect([...new Set(taken.map(({ to }) => to))].sort()).toEqual(SANDBOX_FROM_INFRA);
  });

  it('of one function reach into no other', () => {
    const across = importsOf(graph).flatMap(({ from, to }) => {
      const [importer, imported] = [functionOf(from), functionOf(to)];
      return importer && imported && importer !== imported ? [`${importer} -> ${imported}`] : [];
    });
    expect([...new Set(across)].sort()).toEqual(SHARED_FUNCTIONS);
  });
});

describe('the reader of imports', () => {
  it('counts types, exports and those made while running', () => {
    const text = `
      import type { A } from './a.ts';
      import { type B } from '../b.ts';
      export { c } from './c.ts';
      export type { D } from './d.ts';
      const e = () => import('./e.ts');
      import * as z from 'zod';`;
    expect(importsIn('x/y.ts', text)).toEqual(['x/a.ts', 'b.ts', 'x/c.ts', 'x/d.ts', 'x/e.ts']);
  });

  it('finds what points outward', () => {
    const outward = new Map([['a/x.ts', ['a/y.ts', 'b/x.ts', 'c/x.ts']]]);
    const found = (layer: Omit<Layer, 'folder'>) =>
      importsAgainst({ folder: 'a', ...layer }, outward).map(({ to }) => to);
    expect(found({ mayImport: ['a', 'b'] })).toEqual(['c/x.ts']);
    expect(found({ mayNotImport: ['b'] })).toEqual(['b/x.ts']);
  });

  it('finds a circle', () => {
    const round = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['b']],
    ]);
    expect(circlesIn(round)).toEqual([['b', 'c']]);
  });
});

it('no folder of source holds more than 25 files', () => {
  const folders = projectFolders().filter((folder) => folder !== 'test' && folder !== 'docs');
  const files = folders
    .flatMap((folder) => globSync(`${folder}/**/*`, { cwd: ROOT, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => dirname(`${entry.parentPath}/${entry.name}`).slice(ROOT.length));
  const sizes = Object.entries(Object.groupBy(files, (folder) => folder)).map(([folder, all = []]) => ({
    folder,
    size: all.length,
  }));
  expect(sizes.filter(({ size }) => size > 25)).toEqual([]);
  expect(sizes.length).toBeGreaterThan(50);
});
