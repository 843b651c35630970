import { describe, expect, test } from 'vitest';
import { makeUpstreams } from '../../../gateway/forward/upstream.ts';
import { openModels } from '../../../gateway/identify/read-models.ts';

const models = openModels();
const find = makeUpstreams(undefined);

/** Where a call of an operation goes. */
function upstreamOf(signing: string, name: string, region = 'eu-central-1', parameters = {}) {
  for (const service of models.of(signing)) {
    const operation = service.operations.get(name);
    if (operation) return find(service, operation, parameters, region);
  }
  throw new Error(`no operation ${signing}:${name}`);
}
const hostOf = (...call: Parameters<typeof upstreamOf>) => upstreamOf(...call)?.host;

describe('the upstream of a call', () => {
  test.each([
    ['its service’s host in the region', 'dynamodb', 'GetItem', 'dynamodb.eu-central-1.amazonaws.com'],
    ['with the operation’s prefix', 'states', 'StartSyncExecution', 'sync-states.eu-central-1.amazonaws.com'],
    ['the one host of a global service', 'iam', 'GetUser', 'iam.amazonaws.com'],
  ])('is %s', (_, signing, name, host) => {
    expect(hostOf(signing, name)).toBe(host);
  });

  test.each([
    ['of the call', 'dynamodb', 'GetItem', 'eu-central-1', 'eu-central-1'],
    ['of the service, where it has one for all', 'iam', 'GetUser', 'eu-central-1', 'us-east-1'],
    ['of the call in other partitions', 'iam', 'GetUser', 'cn-north-1', 'cn-north-1'],
  ])('is signed for in the region %s', (_, signing, name, region, signedFor) => {
    expect(upstreamOf(signing, name, region)?.region).toBe(signedFor);
  });

  test('has a label of the parameters only where it is one label', () => {
    const prefixed = (AccountId: string) => hostOf('s3', 'GetAccessPoint', 'eu-central-1', { AccountId });
    expect(prefixed('123456789012')).toBe('123456789012.s3-control.eu-central-1.amazonaws.com');
    expect(prefixed('evil.example/')).toBeUndefined();
    expect(prefixed('evil.example#')).toBeUndefined();
  });

  test.each(['evil.example', 'eu-central-1.evil.example', 'eu-central-1/', '', '169.254.169.254'])(
    'is none in the region “%s”, which is no region of AWS’s',
    (region) => {
      expect(hostOf('dynamodb', 'GetItem', region)).toBeUndefined();
    },
  );
});
