import { RegionInfo } from 'aws-cdk-lib/region-info';
import { afterEach, expect, test, vi } from 'vitest';
import { makeConsoleSignIn } from '../../../lambdas/shared/adapters/sessions/console-sign-in.ts';
import { hostsOf } from '../../../lambdas/shared/domain/partition-hosts.ts';
import { throughService } from '../../../lambdas/shared/domain/session-policy/statements-of-kind.ts';
import { executionUrlOf } from '../../../lambdas/shared/messages/execution-url.ts';

afterEach(() => vi.unstubAllGlobals());

const PLACES = [
  ['aws', 'eu-central-1', 'signin.aws.amazon.com', 'console.aws.amazon.com'],
  ['aws-us-gov', 'us-gov-west-1', 'signin.amazonaws-us-gov.com', 'console.amazonaws-us-gov.com'],
  ['aws-cn', 'cn-north-1', 'signin.amazonaws.cn', 'console.amazonaws.cn'],
] as const;

test('service names end as CDK knows it, in every region of the partitions that are known here', () => {
  const wrong = RegionInfo.regions.filter(({ name, partition = '', domainSuffix }) => {
    const hosts = hostsOf(`arn:${partition}:kms:${name}:123456789012:key/x`);
    return hosts !== undefined && hosts.dnsSuffix !== domainSuffix;
  });
  expect(wrong.map(({ name }) => name)).toEqual([]);
});

test.each(PLACES)(
  'in %s a session is signed in to, and shown by, its own console',
  async (partition, region, signIn, page) => {
    const asked: string[] = [];
    vi.stubGlobal('fetch', async (url: URL) => {
      asked.push(url.host);
      return Response.json({ SigninToken: 'token' });
    });
    const url = await makeConsoleSignIn({ region }).urlFor({
      accessKeyId: 'ASIAEXAMPLE',
      secretAccessKey: 'secret',
      sessionToken: 'token',
      expiration: '2026-11-20T12:00:00.000Z',
      assumedRoleArn: `arn:${partition}:sts::123456789012:assumed-role/postern-brokered-internal/x`,
    });
    expect(asked).toEqual([signIn]);
    const signedIn = new URL(url ?? '');
    expect(signedIn.host).toBe(signIn);
    expect(signedIn.searchParams.get('Destination')).toBe(`https://${page}/console/home?region=${region}`);

    const executionArn = `arn:${partition}:states:${region}:123456789012:execution:access-request:x`;
    expect(executionUrlOf({ requestId: 'x', executionArn }, undefined)).toBe(
      `https://${region}.${page}/states/home?region=${region}#/v2/executions/details/${executionArn}`,
    );
  },
);

test('the keys of a session of an unknown partition are sent nowhere', async () => {
  const fetched = vi.fn();
  vi.stubGlobal('fetch', fetched);
  const keys = { accessKeyId: 'A', secretAccessKey: 'S', sessionToken: 'T', expiration: '' };
  const assumedRoleArn = 'arn:aws-iso:sts::123456789012:assumed-role/x/y';
  expect(await makeConsoleSignIn().urlFor({ ...keys, assumedRoleArn })).toBeUndefined();
  expect(fetched).not.toHaveBeenCalled();
});

test('a key is held to the service of its own partition', () => {
  const viaService = (arn: string) =>
    throughService({ actions: ['kms:Decrypt'], arns: [arn] } as never, 'secretsmanager')[0]?.condition;
  expect(viaService('arn:aws-cn:kms:cn-north-1:123456789012:key/x')).toEqual({
    StringEquals: { 'kms:ViaService': 'secretsmanager.cn-north-1.amazonaws.com.cn' },
  });
  expect(viaService('arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/x')).toEqual({
    StringEquals: { 'kms:ViaService': 'secretsmanager.us-gov-west-1.amazonaws.com' },
  });
  expect(() => viaService('arn:aws-iso:kms:us-iso-east-1:123456789012:key/x')).toThrow();
});
