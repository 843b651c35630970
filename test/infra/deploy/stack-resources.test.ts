import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeStackResources } from '../../../infra/deploy/stack-resources.ts';

/** What Cloud Control was asked, in order: its operation, the resource, and the patch where there is one. */
const asked: string[] = [];
const member = (body: string) => `<member>${body}</member>`;
const answers: Readonly<Record<string, string>> = {
  DescribeStacks: `<DescribeStacksResponse><DescribeStacksResult><Stacks>${member(
    `<StackName>Postern</StackName><Outputs>${member('<OutputKey>ApiUrl</OutputKey><OutputValue>https://api/</OutputValue>')}</Outputs>`,
  )}</Stacks></DescribeStacksResult></DescribeStacksResponse>`,
  ListStackResources: `<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries>${member(
    '<ResourceType>AWS::DynamoDB::Table</ResourceType><PhysicalResourceId>postern_audit</PhysicalResourceId>',
  )}</StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`,
};
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    const target = request.headers['x-amz-target'];
    if (target === undefined) {
      const action = new URLSearchParams(body).get('Action') ?? '';
      response.writeHead(200, { 'content-type': 'text/xml' }).end(answers[action]);
      return;
    }
    const operation = String(target).replace(/^.*\./, '');
    const input = JSON.parse(body);
    if (operation !== 'GetResourceRequestStatus')
      asked.push([operation, input.TypeName, input.Identifier, input.PatchDocument ?? ''].join(' ').trim());
    if (input.Identifier === 'gone') {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ __type: 'ResourceNotFoundException', message: 'as scripted' }));
      return;
    }
    const ProgressEvent = { RequestToken: 'token', OperationStatus: 'SUCCESS' };
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify({ ProgressEvent }));
  });
});

let stack: ReturnType<typeof makeStackResources>;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stack = makeStackResources({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' },
  });
});
afterAll(() => server.close());

test('the stack tells its outputs and what it holds', async () => {
  expect(await stack.outputs()).toEqual({ ApiUrl: 'https://api/' });
  expect(await stack.list()).toEqual([{ typeName: 'AWS::DynamoDB::Table', identifier: 'postern_audit' }]);
});

test('a table loses its protection before it is removed; nothing else has any', async () => {
  await stack.remove({ typeName: 'AWS::DynamoDB::Table', identifier: 'postern_audit' });
  await stack.remove({ typeName: 'AWS::Logs::LogGroup', identifier: '/aws/lambda/x' });
  expect(asked).toEqual([
    'GetResource AWS::DynamoDB::Table postern_audit',
    'UpdateResource AWS::DynamoDB::Table postern_audit [{"op":"replace","path":"/DeletionProtectionEnabled","value":false}]',
    'DeleteResource AWS::DynamoDB::Table postern_audit',
    'GetResource AWS::Logs::LogGroup /aws/lambda/x',
    'DeleteResource AWS::Logs::LogGroup /aws/lambda/x',
  ]);
});

test('what is gone already is removed', async () => {
  asked.length = 0;
  await stack.remove({ typeName: 'AWS::DynamoDB::Table', identifier: 'gone' });
  expect(asked).toEqual(['GetResource AWS::DynamoDB::Table gone']);
});
