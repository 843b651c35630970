import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { compareCourses } from './compare-courses.ts';
import { type AslCase, prepareCase } from './prepare-case.ts';
import { type Course, runInSandbox } from './run-in-sandbox.ts';

type Known = {
  readonly case: string;
  readonly what: readonly string[];
  readonly right: 'sandbox' | 'moto';
  readonly because: string;
  readonly says: string;
};

const read = <T>(name: string): T => JSON.parse(readFileSync(`test/cases/asl/${name}.json`, 'utf8')) as T;
const cases = read<AslCase[]>('cases').map(prepareCase);
const known = new Map(read<Known[]>('differences').map((difference) => [difference.case, difference]));

async function runInMoto(): Promise<Record<string, Course>> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-moto-'));
  try {
    const [given, answered] = [join(folder, 'cases.json'), join(folder, 'courses.json')];
    writeFileSync(given, JSON.stringify(cases));
    const python = '.ci/.venv-cloud/bin/python';
    await promisify(execFile)(python, ['test/cloud/asl/run_in_moto.py', given, answered]);
    return JSON.parse(readFileSync(answered, 'utf8')) as Record<string, Course>;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(!inject('hasEmulators'))(
  "the state machines on moto's interpreter and on the sandbox's",
  () => {
    let sandbox = new Map<string, Course>();
    let moto: Record<string, Course> = {};
    beforeAll(async () => {
      const here = Promise.all(cases.map(async (asl) => [asl.name, await runInSandbox(asl)] as const));
      [moto, sandbox] = [await runInMoto(), new Map(await here)];
    });

    test.each(cases.map(({ name }) => name))('%s', (name) => {
      const [here, there] = [sandbox.get(name), moto[name]];
      if (!here || !there) throw new Error('it was not run');
      const differences = compareCourses(here, there);
      expect(
        differences.map(({ what }) => what),
        JSON.stringify(differences, null, 2),
      ).toEqual(known.get(name)?.what ?? []);
    });

    test('a difference that is listed is of a case, and says who is right and where AWS says so', () => {
      for (const { case: name, says } of known.values()) {
        expect(cases.map((asl) => asl.name)).toContain(name);
        expect(says).toMatch(/^https:\/\/(docs\.aws\.amazon\.com|states-language\.net)\//);
      }
    });
  },
);
