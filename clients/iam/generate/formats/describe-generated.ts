import { visibleText } from '../../../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { ProofAnswer } from '../../../../policy/prove/prove.ts';
import { describeProof } from '../../describe-proof.ts';
import type { By, RefinedReport, Report } from '../generated-file.ts';

export const sayReader = ({ model, isOffline }: By): string =>
  isOffline && model !== 'none'
    ? `read by the ${model}, which knows key words and no language: see whether it understood (OPENAI_API_KEY gives it a model)`
    : `read by ${model === 'none' ? 'nobody: the intent was given' : visibleText(model)}`;

const proofLine = (what: string, proof: ProofAnswer): string[] =>
  proof.verdict === 'within'
    ? [`  ${what}: proved to be within the last`]
    : describeProof(proof)
        .replaceAll('the candidate', 'it')
        .replaceAll('the reference', 'the last')
        .split('\n')
        .map((line, nth) => (nth === 0 ? `  ${what}: ${line}` : `  ${line}`));

function refinedLines({ permissions, trust, widerBy }: RefinedReport): string[] {
  return [
    'Refined',
    ...proofLine('permissions', permissions),
    ...widerBy.map(({ sid, because }) => `    by ${sid}: ${visibleText(because.join('; '))}`),
    ...(trust ? proofLine('trust', trust) : []),
    '',
  ];
}

/** Policies as they are pasted, then why each statement is there, and what a check says of them. */
export function describeGenerated(report: Report): string {
  const { permissions, trust, statements, notes, findings, score, refined, readBy } = report;
  return [
    ...(trust ? ['Trust policy', JSON.stringify(trust.document, null, 2), '', 'Permissions'] : []),
    JSON.stringify(permissions, null, 2),
    '',
    ...(refined ? refinedLines(refined) : []),
    'Why',
    ...statements.map(({ statement, because }) => `  ${statement.Sid}: ${visibleText(because.join('; '))}.`),
    ...(trust ? [`  trust: ${visibleText(trust.because.join('; '))}.`] : []),
    ...(notes.length > 0 ? ['', 'Not in it', ...notes.map((note) => `  ${note}`)] : []),
    '',
    `Checked: ${findings.length === 0 ? 'nothing from medium on' : `${findings.length} from medium on`}${score === undefined ? '' : `, score ${score}`}`,
    ...findings.flatMap(({ id, severity, detail, because }) => [
      `  ${severity.padEnd(8)}  ${id}  ${visibleText(detail)}`,
      `            all the same: ${visibleText(because.join('; '))}`,
    ]),
    '',
    `(${sayReader(readBy)})`,
  ].join('\n');
}
