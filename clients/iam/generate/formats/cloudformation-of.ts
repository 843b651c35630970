import type { Report } from '../generated-file.ts';
import { reasonLines } from './shown-documents.ts';

/** A CloudFormation template: a role, or where nobody assumes one, a managed policy. */
export function cloudformationOf(report: Report): string {
  const { permissions, trust } = report;
  const resource = trust
    ? {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: trust.document,
          Policies: [{ PolicyName: 'permissions', PolicyDocument: permissions }],
        },
      }
    : { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: permissions } };
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Resources: { [trust ? 'Role' : 'Policy']: { ...resource, Metadata: { Why: reasonLines(report) } } },
  };
  return JSON.stringify(template, null, 2);
}
