import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The folders of the project, as tsconfig.json includes them: what is checked is what is compiled. */
export function projectFolders(): string[] {
  const { include } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8')) as { include: string[] };
  return include.filter((folder) => !folder.includes('*') && existsSync(join(ROOT, folder)));
}

export type ModuleGraph = ReadonlyMap<string, readonly string[]>;

/** The files that a text imports, relative ones alone. `import type`, `export from` and `import()` count. */
export function importsIn(file: string, text: string): string[] {
  const { module, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`);
  const specifiers = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.map(({ moduleRequest }) => moduleRequest?.value),
    ),
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => text.slice(start + 1, end - 1)),
  ];
  const relatives = specifiers.filter((specifier) => specifier?.startsWith('.')) as string[];
  return [...new Set(relatives.map((specifier) => join(dirname(file), specifier)))];
}

let whole: ModuleGraph | undefined;

/** Every TypeScript file of the project, and which files it imports, read once; paths are relative to the root. */
export function readModuleGraph(): ModuleGraph {
  whole ??= readGraph();
  return whole;
}

function readGraph(): ModuleGraph {
  const patterns = ['*.ts', ...projectFolders().map((folder) => `${folder}/**/*.ts`)];
  const files = globSync(patterns, { cwd: ROOT });
  return new Map(
    files
      .filter((file) => !file.includes('node_modules'))
      .map((file) => [file, importsIn(file, readFileSync(join(ROOT, file), 'utf8'))]),
  );
}

/** Import circles, each as the files on it. Empty where there is none. */
export function circlesIn(graph: ModuleGraph): string[][] {
  const done = new Set<string>();
  const circles: string[][] = [];
  function visit(file: string, path: string[]): void {
    const start = path.indexOf(file);
    if (start >= 0) circles.push(path.slice(start));
    if (start >= 0 || done.has(file)) return;
    for (const imported of graph.get(file) ?? []) visit(imported, [...path, file]);
    done.add(file);
  }
  for (const file of graph.keys()) visit(file, []);
  return circles;
}

/** One folder, and what its files may import: these folders alone, or anything but those. */
export type Layer = { folder: string; mayImport?: string[]; mayNotImport?: string[]; except?: string[] };
type Import = { from: string; to: string };

export const importsOf = (graph: ModuleGraph): Import[] =>
  [...graph].flatMap(([from, imported]) => imported.map((to) => ({ from, to })));

const isIn = (file: string, folder: string): boolean => file.startsWith(`${folder}/`);

/** The imports of a folder's files that its layer does not allow. Data files count for nothing. */
export function importsAgainst(
  { folder, mayImport, mayNotImport = [], except = [] }: Layer,
  graph: ModuleGraph,
): Import[] {
  return importsOf(graph)
    .filter(({ from, to }) => isIn(from, folder) && to.endsWith('.ts'))
    .filter(({ to }) => !except.some((allowed) => isIn(to, allowed)))
    .filter(
      ({ to }) =>
        (mayImport && !mayImport.some((allowed) => isIn(to, allowed))) ||
        mayNotImport.some((refused) => isIn(to, refused)),
    );
}
