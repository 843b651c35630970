import { cbor } from '@smithy/core/cbor';
import { dynamodb, signed } from './signed.ts';

/** One call of each protocol, by the name that its service signs with. */
export const CALLS_TO_NAME = [
  { signingName: 'dynamodb', call: dynamodb('GetItem', { TableName: 'a_table', Key: { id: { S: '1' } } }) },
  {
    signingName: 'sns',
    call: signed({
      service: 'sns',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'Action=Publish&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aeu-central-1%3A111122223333%3Aa&Message=b',
    }),
  },
  {
    signingName: 'ec2',
    call: signed({
      service: 'ec2',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'Action=StartInstances&Version=2016-11-15&InstanceId.1=i-0123456789abcdef0',
    }),
  },
  {
    signingName: 'lambda',
    call: signed({ service: 'lambda', method: 'GET', target: '/2015-03-31/functions/pay' }),
  },
  {
    signingName: 's3',
    call: signed({ service: 's3', method: 'GET', target: '/bucket-one/a/key?versionId=1' }),
  },
  {
    signingName: 'monitoring',
    call: signed({
      service: 'monitoring',
      target: '/service/GraniteServiceVersion20100801/operation/ListMetrics',
      headers: { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
      body: cbor.serialize({ Namespace: 'AWS/EC2' }),
    }),
  },
] as const;
