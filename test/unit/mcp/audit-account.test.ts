import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { afterAll, expect, test, vi } from 'vitest';
import { makeMcpServer } from '../../../clients/mcp/make-mcp-server.ts';
import { mcpPortsOf } from '../../../clients/mcp/start-mcp.ts';
import { COLLECTED } from '../../support/policy/collected-account.ts';

const folder = mkdtempSync(join(tmpdir(), 'postern-mcp-audit-'));
const elsewhere = mkdtempSync(join(tmpdir(), 'postern-mcp-other-'));
writeFileSync(join(folder, 'account.json'), JSON.stringify(COLLECTED));
writeFileSync(join(folder, 'secret.txt'), 'a secret of the machine');
writeFileSync(join(folder, 'other.json'), '{"password":"a secret of the machine"}');
mkdirSync(join(folder, '.aws'));
writeFileSync(join(folder, '.aws', 'cache.json'), JSON.stringify(COLLECTED));
writeFileSync(join(elsewhere, 'account.json'), JSON.stringify(COLLECTED));
symlinkSync(join(elsewhere, 'account.json'), join(folder, 'link.json'));
vi.spyOn(process, 'cwd').mockReturnValue(folder);
afterAll(() => {
  vi.restoreAllMocks();
  for (const made of [folder, elsewhere]) rmSync(made, { recursive: true });
});

async function ask(input: Record<string, unknown>) {
  const server = makeMcpServer(mcpPortsOf({} as never, { region: async () => 'eu-central-1' }));
  const client = new Client({ name: 'test', version: '1.0.0' });
  const [here, there] = InMemoryTransport.createLinkedPair();
  await server.connect(there);
  await client.connect(here);
  const { content, isError } = await client.callTool({ name: 'audit_account', arguments: input });
  await client.close();
  return { text: (content as [{ text: string }])[0].text, isError };
}

test('a model is told the worst, how they are reached, and what is wrong', async () => {
  const { text } = await ask({ file: 'account.json' });
  const answer = JSON.parse(text);
  expect(answer).toMatchObject({ account: '111122223333', score: 0, principalsInAll: 7 });
  expect(answer.principals[0]).toMatchObject({ name: 'admin', reachedBy: 'a password or key → ann → admin' });
  expect(answer.findings.map(({ id }: { id: string }) => id)).toContain('T02');
  expect(answer.findings.every(({ severity }: { severity: string }) => severity !== 'low')).toBe(true);
  expect(answer.rightSized).toBeUndefined();
  expect(text.length).toBeLessThan(60_000);
});

test('and of one of them, what is granted and used, with a policy without the rest', async () => {
  const { text } = await ask({ file: 'account.json', principal: 'writer', least: 'note' });
  const { principals, rightSized, findings } = JSON.parse(text);
  expect(principals).toHaveLength(1);
  expect(principals[0].uses).toContainEqual(
    expect.objectContaining({ what: 'sqs:DeleteQueue', state: 'unused' }),
  );
  expect(rightSized.removed).toEqual(['sqs:DeleteQueue', 'sns:Publish']);
  expect(findings.map(({ id }: { id: string }) => id)).toEqual(expect.arrayContaining(['A09', 'A10']));
  expect((await ask({ file: 'account.json', principal: 'nobody' })).isError).toBe(true);
});

test.each([
  '../account.json',
  join(elsewhere, 'account.json'),
  'link.json',
  '/etc/passwd',
  '/etc/nothing',
  '.',
  '..',
])('a file elsewhere is none of its business: %s', async (file) => {
  expect(await ask({ file })).toEqual({
    isError: true,
    text: expect.stringContaining('There is no such file in the folder of this server'),
  });
});

test.each(['secret.txt', 'other.json', '.aws/cache.json'])('and nothing is told of %s', async (file) => {
  const { text, isError } = await ask({ file });
  expect(isError).toBe(true);
  expect(text).not.toMatch(/secret of|111122223333/);
});
