import { createHash } from 'node:crypto';
import { cbor } from '@smithy/core/cbor';
import { describe, expect, it, test } from 'vitest';
import type { NamedCall, WireProtocol } from '../../../gateway/identify/named-call.ts';
import { openModels } from '../../../gateway/identify/read-models.ts';
import { maskFound } from '../../../gateway/mask/detectors.ts';
import { maskBody } from '../../../gateway/mask/mask-body.ts';
import type { MaskPlan } from '../../../gateway/mask/plan-mask.ts';
import { readXml, writeXml } from '../../../gateway/mask/xml-tree.ts';

const models = openModels();
function call(signing: string, name: string, protocol: WireProtocol): NamedCall {
  const service = models.of(signing).find(({ operations }) => operations.has(name));
  const operation = service?.operations.get(name);
  if (!service || !operation) throw new Error(`no operation ${name}`);
  return { service, operation, protocol, parameters: {} };
}
const plan = (more: Partial<MaskPlan>): MaskPlan => ({
  ...{ attributes: [], fields: [], sensitive: false, detect: [] },
  ...more,
});
const masked = (named: NamedCall, body: string | Uint8Array, more: Partial<MaskPlan>): string | undefined => {
  const found = maskBody(Buffer.from(body), named, plan(more), false);
  return found && Buffer.from(found).toString();
};
const json = (named: NamedCall, value: unknown, more: Partial<MaskPlan>) =>
  JSON.parse(masked(named, JSON.stringify(value), more) ?? '"unreadable"');

describe('of JSON', () => {
  test('what a path leads to is masked, in lists and maps, and nothing beside it', () => {
    const named = call('cognito-idp', 'ListUsers', 'json');
    const value = {
      Users: [{ Username: 'a', UserCreateDate: 1, Attributes: [{ Name: 'email', Value: 'x' }] }],
      Count: 2,
    };
    expect(
      json(named, value, { fields: ['Users.[].Attributes.[].Value', 'Users.[].UserCreateDate'] }),
    ).toEqual({
      Users: [{ Username: 'a', Attributes: [{ Name: 'email', Value: '[masked]' }] }],
      Count: 2,
    });
    const tags = call('lambda', 'ListTags', 'rest-json');
    expect(json(tags, { Tags: { a: 'b' } }, { fields: ['Tags.{}'] })).toEqual({ Tags: { a: '[masked]' } });
  });

  test('members are known by their names on the line, bytes stay bytes, and numbers stay as exact as they are', () => {
    const secret = call('secretsmanager', 'GetSecretValue', 'json');
    const value = { Name: 'db', SecretBinary: 'AAEC', SecretString: 's' };
    const { SecretBinary, SecretString } = json(secret, value, { sensitive: true });
    expect([Buffer.from(SecretBinary, 'base64').toString(), SecretString]).toEqual(['[masked]', '[masked]']);
    const keys = call('apigateway', 'GetApiKey', 'rest-json');
    expect(json(keys, { id: 'a', value: 'secret' }, { fields: ['value'] })).toEqual({
      id: 'a',
      value: '[masked]',
    });
    const exact = '{"CreatedDate":12345678901234567890.10,"SecretString":"[masked]"}';
    expect(masked(secret, exact.replace('[masked]', 'x'), { sensitive: true })).toBe(exact);
  });

  test('detectors look into texts, bytes and attribute values, wherever they stand', () => {
    const records = call('kinesis', 'GetRecords', 'json');
    const Data = Buffer.from('from a@b.example').toString('base64');
    const { Records } = json(
      records,
      { Records: [{ Data, PartitionKey: 'a@b.example' }] },
      { detect: ['email'] },
    );
    expect([Buffer.from(Records[0].Data, 'base64').toString(), Records[0].PartitionKey]).toEqual([
      'from [masked]',
      '[masked]',
    ]);
    const unread = json(
      records,
      { Records: [{ Data: Buffer.from([255, 254]).toString('base64') }] },
      { detect: ['email'] },
    );
    expect(Buffer.from(unread.Records[0].Data, 'base64').toString()).toBe('[masked]');
    const Item = { card: { N: '4111111111111111' }, age: { N: '41' }, seen: { SS: ['a@b.example', 'x'] } };
    expect(json(call('dynamodb', 'GetItem', 'json'), { Item }, { detect: ['email', 'card'] })).toEqual({
      Item: { card: { S: '[masked]' }, age: { N: '41' }, seen: { SS: ['[masked]', 'x'] } },
    });
  });

  test('of SQS the digest of each body is made anew', () => {
    const named = call('sqs', 'ReceiveMessage', 'json');
    const Messages = [{ Body: 'to a@b.example', MD5OfBody: 'x', MD5OfMessageAttributes: 'y' }];
    expect(json(named, { Messages }, { detect: ['email'] })).toEqual({
      Messages: [{ Body: 'to [masked]', MD5OfBody: createHash('md5').update('to [masked]').digest('hex') }],
    });
  });

  it.each(['{"a":1,"a":2}', '{', '\xff', '<a/>'])(
    'what two parsers could read in two ways is not read: %s',
    (text) => {
      expect(
        masked(call('secretsmanager', 'GetSecretValue', 'json'), Buffer.from(text, 'latin1'), {
          sensitive: true,
        }),
      ).toBe(undefined);
    },
  );
});

describe('of XML', () => {
  const listed = (inner: string) =>
    `<?xml version="1.0"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</ListBucketResult>`;

  test('lists without elements of their own, and those with them, are walked', () => {
    const named = call('s3', 'ListObjectsV2', 'rest-xml');
    const text = listed(
      '<Contents><Key>a &lt; b</Key><Owner><ID>1</ID></Owner></Contents><Contents><Key>c</Key></Contents>',
    );
    expect(masked(named, text, { fields: ['Contents.[].Owner.ID'] })).toContain(
      '<Contents><Key>a &lt; b</Key><Owner><ID>[masked]</ID></Owner></Contents><Contents><Key>c</Key></Contents>',
    );
    const users = call('iam', 'ListUsers', 'query');
    const answer =
      '<ListUsersResponse><ListUsersResult><Users><member><Arn>x</Arn><Path>/</Path></member></Users></ListUsersResult></ListUsersResponse>';
    expect(masked(users, answer, { fields: ['Users.[].Arn'] })).toContain(
      '<member><Arn>[masked]</Arn><Path>/</Path></member>',
    );
  });

  test('members are known by their names on the line, as EC2 has others', () => {
    const named = call('ec2', 'DescribeInstances', 'ec2');
    const text =
      '<DescribeInstancesResponse><reservationSet><item><instancesSet><item><privateIpAddress>10.0.0.1</privateIpAddress><launchTime>2026-01-01T00:00:00Z</launchTime></item></instancesSet></item></reservationSet></DescribeInstancesResponse>';
    const fields = ['PrivateIpAddress', 'LaunchTime'].map((name) => `Reservations.[].Instances.[].${name}`);
    const found = masked(named, text, { fields });
    expect(found).toContain('<item><privateIpAddress>[masked]</privateIpAddress></item>');
    expect(
      masked(call('ec2', 'GetPasswordData', 'ec2'), '<r><passwordData>p</passwordData></r>', {
        sensitive: true,
      }),
    ).toContain('<passwordData>[masked]</passwordData>');
  });

  test('maps, CDATA, attributes and texts between elements hide nothing', () => {
    const named = call('sns', 'GetTopicAttributes', 'query');
    const text = `<GetTopicAttributesResponse><GetTopicAttributesResult>a@b.example<Attributes><entry><key>Policy</key>
      <value x="c@d.example"><![CDATA[e@f.example]]></value></entry></Attributes></GetTopicAttributesResult></GetTopicAttributesResponse>`;
    expect(masked(named, text, { detect: ['email'] })).not.toContain('example');
    expect(masked(named, text, { fields: ['Attributes.{}'] })).toContain('<key>Policy</key>');
    expect(masked(named, text, { fields: ['Attributes.{}'] })).not.toContain('e@f.example');
  });

  it.each([
    ['a document type', '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'],
    ['an entity that is none', '<a>&e;</a>'],
    ['what is not closed', '<a><b></a>'],
    ['an attribute twice', '<a b="1" b="2"/>'],
    ['another encoding', '<?xml version="1.0" encoding="UTF-7"?><a/>'],
    ['two roots', '<a/><b/>'],
    ['what nests without end', '<a>'.repeat(5000) + '</a>'.repeat(5000)],
    ['an answer that is not wrapped', '<GetUserResponse><User><Arn>x</Arn></User></GetUserResponse>'],
  ])('is not read: %s', (_, text) => {
    expect(masked(call('iam', 'GetUser', 'query'), text, { fields: ['User.Arn'] })).toBeUndefined();
  });

  it.each([
    '<a>1 &lt; 2 &amp;&amp; 3 &gt; 2</a>',
    '<a b="&quot;&#10;&lt;">&#13;</a>',
    '<p:a xmlns:p="x"><p:b/> t </p:a>',
    '<a>😀 é</a>',
  ])('that is written and read again is the same: %s', (text) => {
    const root = readXml(Buffer.from(text));
    expect(root && readXml(Buffer.from(writeXml(root)))).toEqual(root);
    expect(root).toBeDefined();
  });
});

describe('of CBOR', () => {
  const named = call('monitoring', 'GetMetricData', 'smithy-rpc-v2-cbor');
  test('members are known by their names in the model; bytes, times and numbers beside them stay', () => {
    const StartTime = { tag: 1, value: 1694498816 };
    const body = {
      MetricDataResults: [{ Id: 'a', Label: 'b', Values: [1.5, 2], Timestamps: [cborTag(StartTime)] }],
    };
    const found = maskBody(
      cbor.serialize(body),
      named,
      plan({ fields: ['MetricDataResults.[].Label'] }),
      false,
    );
    const read = cbor.deserialize(found ?? new Uint8Array());
    expect(read.MetricDataResults).toMatchObject([
      { Id: 'a', Label: '[masked]', Values: [1.5, 2], Timestamps: [{ tag: 1, value: 1694498816 }] },
    ]);
  });
  it.each([new Uint8Array([0x01]), new Uint8Array([0xbf, 0x61]), Buffer.from('{}')])(
    'is not read: %s',
    (bytes) => {
      expect(maskBody(bytes, named, plan({ detect: ['email'] }), false)).toBeUndefined();
    },
  );
});

/** A tagged value, as the library that reads CBOR tells it. */
function cborTag({ tag, value }: { tag: number; value: number }): unknown {
  const [symbol] = Object.getOwnPropertySymbols(cbor.deserialize(Buffer.from('c100', 'hex')));
  return { tag, value, [symbol as symbol]: true };
}

describe('detectors', () => {
  it.each([
    ['write to sam.o-k+x@mail.example.org, please', 'write to [masked], please'],
    ['card 4111 1111 1111 1111.', 'card [masked].'],
    ['card 4111 1111 1111 1112.', 'card 4111 1111 1111 1112.'],
    ['5500-0000-0000-0004', '[masked]'],
    ['order 41111111111111111111', 'order 41111111111111111111'],
    ['pay DE89 3704 0044 0532 0130 00 now', 'pay [masked] now'],
    ['DE89370400440532013001', 'DE89370400440532013001'],
    ['ssn 123-45-6789', 'ssn [masked]'],
    ['000-45-6789 and 123-45-67890', '000-45-6789 and 123-45-67890'],
    ['arn:aws:iam::123456789012:user/sam', 'arn:aws:iam::123456789012:user/sam'],
    ['2026-11-29T07:26:48.123456Z 1694498816123', '2026-11-29T07:26:48.123456Z 1694498816123'],
  ])('find in %s', (text, wanted) => {
    expect(maskFound(text, ['email', 'card', 'iban', 'us-ssn'], '[masked]')).toBe(wanted);
  });

  it.each([
    'a'.repeat(200_000),
    'a.'.repeat(100_000),
    `${'1 '.repeat(100_000)}`,
    `a@${'b.'.repeat(100_000)}`,
  ])('take no long time of %.10s…', (text) => {
    const startedAt = process.cpuUsage().user;
    maskFound(text, ['email', 'card', 'iban', 'us-ssn'], '[masked]');
    expect((process.cpuUsage().user - startedAt) / 1000).toBeLessThan(2000);
  });
});
