import type { Report } from '../generated-file.ts';
import { indented, reasonLines } from './shown-documents.ts';

/** JSON is an expression of Terraform's language, but for its templates, which are written twice to mean themselves. */
const expression = (value: unknown, spaces: number): string =>
  indented(value, spaces).replaceAll('${', '$${').replaceAll('%{', '%%{');

/** Terraform's configuration: a role with its policy, or where nobody assumes one, a managed policy. */
export function terraformOf(report: Report): string {
  const { permissions, trust } = report;
  const comments = reasonLines(report).map((line) => `# ${line}`);
  const blocks = trust
    ? [
        'resource "aws_iam_role" "generated" {',
        `  assume_role_policy = jsonencode(${expression(trust.document, 2)})`,
        '}',
        '',
        'resource "aws_iam_role_policy" "generated" {',
        '  name   = "permissions"',
        '  role   = aws_iam_role.generated.id',
        `  policy = jsonencode(${expression(permissions, 2)})`,
        '}',
      ]
    : [
        'resource "aws_iam_policy" "generated" {',
        `  policy = jsonencode(${expression(permissions, 2)})`,
        '}',
      ];
  return [...comments, ...blocks].join('\n');
}
