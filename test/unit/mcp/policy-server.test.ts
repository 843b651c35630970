import { execFileSync } from 'node:child_process';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { expect, test } from 'vitest';
import { posternProgram } from '../../support/postern-program.ts';

const PROGRAM = posternProgram();

test('the tools about policies are served without a broker, and answer', async () => {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [PROGRAM, 'mcp', '--policies'],
    env: { PATH: process.env.PATH ?? '' },
  });
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(transport);
  try {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'prove_policy',
      'check_policy',
      'generate_policy',
      'audit_account',
    ]);
    const policy = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}';
    const checked = await client.callTool({ name: 'check_policy', arguments: { policies: [{ policy }] } });
    expect(JSON.stringify(checked.content)).toContain('B01');
    const audited = await client.callTool({ name: 'audit_account', arguments: { file: 'nowhere.json' } });
    expect(audited.isError).toBe(true);
  } finally {
    await client.close();
  }
}, 30_000);

test('all tools need a broker', () => {
  expect(() => execFileSync(process.execPath, [PROGRAM, 'mcp'], { env: {}, stdio: 'pipe' })).toThrow(
    'POSTERN_API',
  );
}, 30_000);
