import { expect, test } from 'vitest';
import { problemOfTemplate } from '../../infra/template-size.ts';

const ofSize = (bytes: number) => ({
  Resources: {},
  Text: 'x'.repeat(bytes - '{"Resources":{},"Text":""}'.length),
});
const ofResources = (count: number) => ({
  Resources: Object.fromEntries(Array.from({ length: count }, (_, index) => [`R${index}`, {}])),
});

test('a template is as large as CloudFormation takes, and not a byte or a resource more', () => {
  expect(problemOfTemplate(ofSize(1_048_576))).toBeUndefined();
  expect(problemOfTemplate(ofSize(1_048_577))).toMatch(/1048577 bytes.*takes 1048576.*list fewer/);
  expect(problemOfTemplate(ofResources(500))).toBeUndefined();
  expect(problemOfTemplate(ofResources(501))).toMatch(/501 resources.*takes 500/);
});
