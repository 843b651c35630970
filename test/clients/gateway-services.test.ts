import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { startApart, startUpstream } from '../bench/through-gateway.ts';
import { SESSION } from '../unit/gateway/fake-broker.ts';
import { PERMIT_ALL } from '../unit/gateway/start-test-gateway.ts';
import { TOOLS } from './support/find-tools.ts';
import { type BehindMoto, startBehindMoto } from './support/start-behind-moto.ts';

const tools = inject('tools');
const PYTHON = resolve(TOOLS, 'bin/python');
const AWS = resolve(TOOLS, 'bin/aws');
const python = (name: string) => resolve('test/clients/python', name);
const RULES = `${PERMIT_ALL}
@id("small-machines-only")
forbid (principal, action == Action::"ec2:RunInstances", resource)
unless { context.parameters has InstanceType && context.parameters.InstanceType like "t3.*" };
`;

let bench: BehindMoto;
beforeAll(async () => {
  if (tools.length > 0) bench = await startBehindMoto({ rulesText: RULES });
});
afterAll(() => bench?.close());
beforeEach(async () => {
  if (tools.length === 0) return;
  await bench.moto.reset();
  bench.relay.answers(undefined);
  bench.tables.isRecorderDown = false;
});
const withTools = test.skipIf(tools.length === 0);

/** What a program prints straight to AWS, and what through the gateway. */
async function compare(file: string, args: readonly string[]) {
  const straight = await bench.run(file, args, bench.straight);
  await bench.moto.reset();
  const through = await bench.run(file, args, bench.through);
  return { straight, through };
}

withTools('boto3 gets of eighteen services what it gets without the gateway', async () => {
  bench.relay.seen.length = 0;
  const { straight, through } = await compare(PYTHON, [python('use_many_services.py')]);
  expect([straight.err, through.err]).toEqual(['', '']);
  const answers = JSON.parse(straight.out) as Record<string, unknown>;
  expect(JSON.parse(through.out)).toEqual(answers);
  expect(new Set(Object.keys(answers).map((name) => name.split(' ')[0])).size).toBeGreaterThanOrEqual(15);
});

withTools('botocore makes the same signature of every request that was forwarded', async () => {
  const file = join(bench.home, 'forwarded.jsonl');
  const { seen } = bench.relay;
  writeFileSync(
    file,
    seen.map((call) => `${JSON.stringify({ ...call, body: call.body.toString('base64') })}\n`).join(''),
  );
  const { secretAccessKey, sessionToken } = SESSION;
  const args = [python('recompute_signatures.py'), file, secretAccessKey, sessionToken];
  const { out, err } = await bench.run(PYTHON, args, bench.straight);
  expect(err).toBe('');
  const { counts, different } = JSON.parse(out) as { counts: Record<string, number>; different: unknown[] };
  expect(different).toEqual([]);
  expect(Object.keys(counts).length).toBeGreaterThanOrEqual(15);
  expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(seen.length);
});

withTools('the SDK for JavaScript gets of fourteen services what it gets without the gateway', async () => {
  const { straight, through } = await compare(process.execPath, [
    resolve('test/clients/support/use-many-services.ts'),
  ]);
  expect([straight.err, through.err]).toEqual(['', '']);
  const answers = JSON.parse(straight.out) as Record<string, unknown>;
  expect(JSON.parse(through.out)).toEqual(answers);
  expect(new Set(Object.keys(answers).map((name) => name.split(' ')[0])).size).toBeGreaterThanOrEqual(14);
});

withTools(
  'whatever is changed after it was signed is refused in the service’s own words, and AWS sees nothing',
  async () => {
    bench.relay.seen.length = 0;
    const { out, err } = await bench.run(PYTHON, [python('attack_gateway.py')], bench.through);
    expect(err).toBe('');
    const answers = JSON.parse(out) as Record<string, string>;
    expect(Object.values(answers).filter((answer) => !/^40[03] [A-Z]\w+ /.test(answer))).toEqual([]);
    const kinds = (service: string) =>
      new Set(
        Object.entries(answers)
          .filter(([name]) => name.startsWith(`${service} `))
          .map(([, answer]) => answer.split(' ')[2]),
      );
    expect([kinds('dynamodb'), kinds('iam'), kinds('lambda'), kinds('s3')]).toEqual([
      new Set(['application/x-amz-json-1.1']),
      new Set(['text/xml']),
      // What is not signed could be S3's as well; the code is in a header, where clients of JSON read it.
      new Set(['application/json', 'application/xml']),
      new Set(['application/xml']),
    ]);
    expect(bench.relay.seen).toEqual([]);
  },
);

withTools(
  'boto3 passes 300 MB up and down: the same bytes, and never most of them in memory',
  { timeout: 900_000 },
  async () => {
    const upstream = await startUpstream(300);
    const apart = startApart(bench.broker.url, upstream.url);
    try {
      const { url, keys } = await apart.ready;
      const { AWS_WEB_IDENTITY_TOKEN_FILE: _, AWS_ROLE_ARN: __, ...env } = bench.through;
      const before = await apart.rss();
      const { out, err } = await bench.run(PYTHON, [python('pass_large.py'), '300'], {
        ...env,
        AWS_ACCESS_KEY_ID: keys.accessKeyId,
        AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
        AWS_SESSION_TOKEN: keys.sessionToken,
        AWS_ENDPOINT_URL: url,
      });
      expect(err).toBe('');
      const { sent, received } = JSON.parse(out) as Record<string, string>;
      expect([upstream.digests, received]).toEqual([[sent], sent]);
      // How much is used at most is measured by `npm run bench -- gateway`: when memory is given back, Node decides.
      expect((await apart.rss()) - before).toBeLessThan(250);
    } finally {
      apart.child.kill();
      upstream.close();
    }
  },
);

withTools(
  'a masked attribute reaches neither boto3 nor the records nor the archive, and is asked for once',
  async () => {
    const bodies: string[] = [];
    const masking = await startBehindMoto({
      masksText: JSON.stringify({
        version: 1,
        masks: [{ id: 'contact', table: 'bank_customer_profiles', attributes: ['email'] }],
      }),
      archive: { putOnce: async (_, body) => Boolean(bodies.push(body)) },
    });
    try {
      await masking.run(PYTHON, [python('call_one.py'), 'make profile'], masking.straight);
      const { out, err } = await masking.run(PYTHON, [python('call_one.py'), 'profile'], masking.through);
      expect([out, err]).toEqual(["{'email': {'S': '[masked]'}, 'user_id': {'S': 'c-1042'}}\nworks\n", '']);
      expect(masking.relay.seen.length).toBe(1);
      const isOver = () => masking.tables.records.some(({ event }) => event === 'outcome');
      while (!isOver()) await new Promise((done) => setImmediate(done));
      expect(bodies).toHaveLength(1);
      expect(bodies[0]).toContain('[masked]');
      expect([...bodies, JSON.stringify(masking.tables.records)].join()).not.toContain('ada@example.org');
    } finally {
      await masking.close();
    }
  },
);

withTools('a machine is allowed by its type, a parameter of the call', async () => {
  const { out } = await bench.run(PYTHON, [python('call_one.py'), 'p4d', 't3'], bench.through);
  expect(out).toBe('UnauthorizedOperation\nworks\n');
});

withTools('where calls cannot be recorded they are refused, and AWS sees nothing of them', async () => {
  bench.relay.seen.length = 0;
  // Whoever came in before.
  const { accessKeyId, secretAccessKey, sessionToken } = bench.session;
  const keys = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
  const { AWS_WEB_IDENTITY_TOKEN_FILE: _, AWS_ROLE_ARN: __, ...env } = bench.through;
  bench.tables.isRecorderDown = true;
  const { out } = await bench.run(PYTHON, [python('call_one.py'), 'row'], { ...env, ...keys });
  expect([out, bench.relay.seen]).toEqual(['ServiceUnavailable\n', []]);
  const coming = await bench.run(AWS, ['sts', 'get-caller-identity'], bench.through);
  expect(coming.code).not.toBe(0);
});

withTools('a session that is ended has its download cut, and its next call refused', async () => {
  let cut = false;
  bench.relay.answers(({ target }, response) => {
    if (!target.includes('slow')) return false;
    response.writeHead(200, { 'content-length': '1000000' }).write('begin');
    response.once('close', () => {
      cut = true;
    });
    return true;
  });
  const { delegations } = bench.tables;
  const end = (out: string) => {
    if (!out.includes('reading')) return;
    for (const [id, delegation] of delegations)
      delegations.set(id, { ...delegation, ended: { by: 'admin', at: new Date().toISOString() } });
  };
  const { out } = await bench.run(PYTHON, [python('call_one.py'), 'read', 'row'], bench.through, end);
  expect(out).toMatch(/^reading\n\w*(?:Error|IncompleteRead)\w*\nExpiredTokenException\n$/);
  expect(cut).toBe(true);
});
