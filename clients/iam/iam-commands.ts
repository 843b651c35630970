import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { ProofAnswer } from '../../policy/prove/prove.ts';
import { type CliContext, commonOf, print } from '../cli/cli-context.ts';
import { PosternError } from '../sdk/postern-error.ts';
import { addAudit } from './audit-command.ts';
import { addCheck } from './check-command.ts';
import { describeProof } from './describe-proof.ts';
import { addDrift } from './drift-command.ts';
import { addGenerate } from './generate/generate-command.ts';
import { type NamedPolicy, PROVABLE_TYPES, type ProvableType, provePolicies } from './prove-policies.ts';

/** What `iam prove` ends with: scripts and CI branch on it. A usage error is 2, as everywhere. */
const EXIT_OF: Record<ProofAnswer['verdict'], number> = { within: 0, wider: 1, unknown: 3 };

/** `scp:file` says what a policy is attached as; a file alone is an identity's. */
function typeAndFile(argument: string): { type: ProvableType; file: string } {
  const type = PROVABLE_TYPES.find((provable) => argument.startsWith(`${provable}:`));
  return type ? { type, file: argument.slice(type.length + 1) } : { type: 'identity', file: argument };
}

async function readPolicy(argument: string): Promise<NamedPolicy> {
  const { type, file } = typeAndFile(argument);
  if (file === '-') return { name: 'standard input', type, text: await readAll(process.stdin) };
  try {
    return { name: file, type, text: await readFile(file, 'utf8') };
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    throw new PosternError({ code: 'invalid_policy', detail: `${file} cannot be read: ${code}` });
  }
}

type Options = { readonly candidate: readonly string[]; readonly reference: readonly string[] };

/** `postern iam …`: what IAM policies mean. It needs no broker and no AWS account. */
export function addIam(program: Command, context: CliContext): void {
  const iam = program.command('iam').description('what IAM policies mean; works on files, with no broker');
  iam
    .command('prove')
    .description(
      'prove that policies allow nothing that others do not; exits 0 within, 1 wider with a request that shows it, 3 unknown',
    )
    .requiredOption('--candidate <file...>', 'policies to prove; type:file says what one is attached as')
    .requiredOption('--reference <file...>', 'policies that they have to be within; - is standard input')
    .action(async (_: unknown, command: Command) => {
      const { candidate, reference } = command.opts<Options>();
      if ([...candidate, ...reference].filter((argument) => typeAndFile(argument).file === '-').length > 1)
        throw new PosternError({ code: 'invalid_policy', detail: 'Standard input can be read once.' });
      const read = (files: readonly string[]) => Promise.all(files.map(readPolicy));
      const answer = provePolicies(await read(candidate), await read(reference));
      print(answer, describeProof(answer), commonOf(command), context);
      context.exitWith(EXIT_OF[answer.verdict]);
    });
  addCheck(iam, context);
  addGenerate(iam, context);
  addAudit(iam, context);
  addDrift(iam, context);
}
