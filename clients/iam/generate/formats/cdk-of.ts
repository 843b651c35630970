import type { Report } from '../generated-file.ts';
import { indented, reasonLines } from './shown-documents.ts';

/** A construct of CDK, in TypeScript: a role, or where nobody assumes one, a managed policy. */
export function cdkOf(report: Report): string {
  const { permissions, trust } = report;
  const comments = reasonLines(report).map((line) => ` * ${line}`);
  const own = trust
    ? [
        "    this.role = new iam.CfnRole(this, 'Role', {",
        `      assumeRolePolicyDocument: ${indented(trust.document, 6)},`,
        `      policies: [{ policyName: 'permissions', policyDocument: ${indented(permissions, 6)} }],`,
        '    });',
      ]
    : [
        "    this.policy = new iam.ManagedPolicy(this, 'Policy', {",
        `      document: iam.PolicyDocument.fromJson(${indented(permissions, 6)}),`,
        '    });',
      ];
  return [
    "import * as iam from 'aws-cdk-lib/aws-iam';",
    "import { Construct } from 'constructs';",
    '',
    '/**',
    ...comments,
    ' */',
    'export class GeneratedAccess extends Construct {',
    trust ? '  readonly role: iam.CfnRole;' : '  readonly policy: iam.ManagedPolicy;',
    '',
    '  constructor(scope: Construct, id: string) {',
    '    super(scope, id);',
    ...own,
    '  }',
    '}',
  ].join('\n');
}
