import { describeProof } from '../../clients/iam/describe-proof.ts';
import { cdkOf } from '../../clients/iam/generate/formats/cdk-of.ts';
import { cloudformationOf } from '../../clients/iam/generate/formats/cloudformation-of.ts';
import { terraformOf } from '../../clients/iam/generate/formats/terraform-of.ts';
import { plainGenerated, type Report } from '../../clients/iam/generate/generated-file.ts';
import { catalogDraftOf } from '../../policy/generate/catalog-entries.ts';
import type { ProofAnswer } from '../../policy/prove/prove.ts';
import type { ShownMade } from '../views/pages/generate-page.ts';
import { iamData } from './iam-data.ts';

const written = (value: unknown): string => JSON.stringify(value, null, 2);

const sayProof = (proof: ProofAnswer): string =>
  proof.verdict === 'within'
    ? 'Proved to allow nothing that the last did not.'
    : describeProof(proof).replaceAll('the candidate', 'it').replaceAll('the reference', 'the last');

function refinedOf({ refined }: Report): ShownMade['refined'] {
  if (!refined) return undefined;
  const { permissions, trust, widerBy } = refined;
  return [
    { what: 'Permissions', isWithin: permissions.verdict === 'within', say: sayProof(permissions) },
    ...widerBy.map(({ sid, because }) => ({
      what: sid,
      isWithin: false,
      say: `Allows it: ${because.join('; ')}.`,
    })),
    ...(trust ? [{ what: 'Trust', isWithin: trust.verdict === 'within', say: sayProof(trust) }] : []),
  ];
}

/** Policies that were made, with why, what a check says, and every form in which they are written elsewhere. */
export function showMade(report: Report, group: string): ShownMade {
  const { permissions, trust, statements, notes, findings, score } = report;
  const { entries, guardrails, leftOut } = catalogDraftOf(report.statements, group, iamData());
  return {
    permissions: written(permissions),
    trust: trust && written(trust.document),
    why: [
      ...statements.map(({ statement, because }) => ({ name: statement.Sid, because })),
      ...(trust ? [{ name: 'Trust', because: trust.because }] : []),
    ].map(({ name, because }) => ({ name, say: `${because.join('; ')}.` })),
    notes,
    findings,
    score,
    refined: refinedOf(report),
    written: [
      { name: 'JSON, with all of this page', text: written(plainGenerated(report)) },
      { name: 'CDK (TypeScript)', text: cdkOf(report) },
      { name: 'Terraform', text: terraformOf(report) },
      { name: 'CloudFormation', text: cloudformationOf(report) },
    ],
    catalog: {
      entries: entries.length > 0 ? entries.map(written).join(',\n') : undefined,
      guardrails,
      leftOut,
    },
  };
}
