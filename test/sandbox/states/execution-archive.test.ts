import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AslDefinition } from '../../../sandbox/states/asl-types.ts';
import { openExecutionArchive } from '../../../sandbox/states/execution-archive.ts';
import { eventually, functionArn, makeStates } from './support/make-states.ts';

const definition: AslDefinition = {
  StartAt: 'Work',
  States: { Work: { Type: 'Task', Resource: functionArn('work'), End: true } },
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-archive-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('an execution that has ended survives a restart, with its history and its name', async () => {
  const before = makeStates(definition, { work: () => 'done' }, { archive: openExecutionArchive(folder) });
  await before.start('one', { a: 1 });
  const ended = await before.ended('one');
  const history = await before.history('one');
  await eventually(() => (readdirSync(folder).length === 1 ? true : undefined));

  const after = makeStates(definition, {}, { archive: openExecutionArchive(folder) });
  expect(await after.describe('one')).toEqual(ended);
  expect(await after.history('one')).toEqual(history);
  await expect(after.start('one', { a: 1 })).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
});

test('one that was still running is ABORTED there', async () => {
  const before = makeStates(
    definition,
    { work: () => new Promise(() => {}) },
    { archive: openExecutionArchive(folder) },
  );
  await before.start('one');
  await before.service.close();
  expect(before.closed).toEqual([]);
  const after = makeStates(definition, {}, { archive: openExecutionArchive(folder) });
  expect(await after.describe('one')).toMatchObject({ status: 'ABORTED', error: 'SandboxClosed' });
});

test('keeps the newest, readable by its owner only, and passes over what is broken', async () => {
  const archive = openExecutionArchive(folder, 2);
  const states = makeStates(definition, {}, { archive });
  for (const name of ['a', 'b', 'c']) {
    await states.start(name);
    await states.ended(name);
    await eventually(() =>
      readdirSync(folder).some((file) => file.includes(`-${name}.`)) ? true : undefined,
    );
  }
  expect(archive.load().map(({ name }) => name)).toEqual(['b', 'c']);
  for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
  writeFileSync(join(folder, '000000000000000-x.json'), '{"half":');
  expect(archive.load().map(({ name }) => name)).toEqual(['b', 'c']);
});
