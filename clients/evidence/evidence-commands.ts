import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { callsInCloudTrailFiles } from '../../lambdas/shared/adapters/audit/cloudtrail-files.ts';
import { DependencyUnavailable } from '../../lambdas/shared/domain/errors.ts';
import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';
import { AuditNotFound, findAudit } from '../audit/find-audit.ts';
import { findCloudTrail } from '../audit/find-cloudtrail.ts';
import { openAudit } from '../audit/open-audit.ts';
import { collectEvidence, NoEvidence } from './collect-evidence.ts';
import { EvidenceAltered, writeLines } from './evidence-lines.ts';
import { gapsIn, sayEvidence, saySamples } from './say-evidence.ts';
import { fingerprintOf, verifyEvidence } from './verify-evidence.ts';

type Ports = {
  readonly env: Record<string, string | undefined>;
  readonly write: (line: string) => Promise<void>;
  readonly fail: (line: string) => void;
};

/** Exit codes: it is not what it was; there is none, or it cannot be read; it is genuine, and has a gap. */
const ALTERED = 1;
const NONE = 2;
const WITH_GAPS = 3;

/** A day is its beginning, in UTC; else a moment with its zone. */
function momentOf(text: string): string {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const moment = /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(text);
  const parsed = new Date(day ? `${text}T00:00:00Z` : text);
  if ((!day && !moment) || Number.isNaN(parsed.getTime()) || (day && !parsed.toISOString().startsWith(text)))
    throw new InvalidArgumentError('a day as 2026-10-01, or a moment as 2026-10-01T08:00:00Z');
  return parsed.toISOString();
}

function sizeOf(text: string): number {
  const size = Number(text);
  if (Number.isInteger(size) && size >= 1 && size <= 1000) return size;
  throw new InvalidArgumentError('must be 1 to 1000');
}

function seedOf(text: string): string {
  if (text.length >= 1 && text.length <= 200 && text.isWellFormed()) return text;
  throw new InvalidArgumentError('must be 1 to 200 characters');
}

type MakeOptions = {
  readonly from?: string;
  readonly to?: string;
  readonly out?: string;
  readonly seed?: string;
  readonly sample: number;
  readonly cloudtrail?: string;
};
type VerifyOptions = { readonly key?: string; readonly digest?: string; readonly samples?: boolean };

/** Adds `evidence`, and `evidence verify` and `key`. Each answers its exit code through `done`. */
export function addEvidence(
  program: Command,
  { env, write, fail }: Ports,
  done: (exitCode: number) => void,
): void {
  const say = async (lines: readonly string[]) => {
    for (const line of lines) await write(line);
  };
  /** What went wrong in a way that is known, as one line and an exit code. */
  const telling =
    <Arguments extends unknown[]>(run: (...rest: Arguments) => Promise<number>) =>
    async (...rest: Arguments): Promise<void> => {
      try {
        done(await run(...rest));
      } catch (error) {
        const isKnown = [EvidenceAltered, NoEvidence, AuditNotFound, DependencyUnavailable].some(
          (known) => error instanceof known,
        );
        const isFile = error instanceof Error && 'code' in error && 'path' in error;
        if (!isKnown && !isFile) throw error;
        fail(`postern evidence: ${visibleText((error as Error).message)}`);
        done(error instanceof EvidenceAltered ? ALTERED : NONE);
      }
    };
  const tellGaps = (gaps: readonly string[]): number => {
    for (const gap of gaps) fail(`gap: ${gap}`);
    return gaps.length > 0 ? WITH_GAPS : 0;
  };

  const evidence = program
    .command('evidence')
    .description(
      'a file of all that the audit log has of a period, which is verified with nothing but itself',
    )
    .option('--from <day>', 'the first day, UTC; or a moment', momentOf)
    .option('--to <day>', 'the day after the last; or a moment', momentOf)
    .option('--out <file>', 'where to write it; a file that is there is not written over')
    .option(
      '--seed <text>',
      'draws the samples: an auditor says one of their own; random unless given',
      seedOf,
    )
    .option('--sample <count>', 'samples of each population', sizeOf, 25)
    .option('--cloudtrail <folder>', 'of CloudTrail log files, to hold against the sessions of the log')
    .action(
      telling(async ({ from, to, out, seed, sample, cloudtrail }: MakeOptions) => {
        if (!from || !to || !out) throw new NoEvidence('say --from, --to and --out');
        if (from >= to) throw new NoEvidence('--to is the day after the last: it must be after --from');
        const opened = await openAudit(findAudit(env));
        try {
          const drawn = seed ?? randomBytes(16).toString('hex');
          const calls = () =>
            cloudtrail === undefined ? undefined : callsInCloudTrailFiles(findCloudTrail(env, cloudtrail));
          const wanted = { from, to, seed: drawn, sampleSize: sample };
          const { lines, summary, observed } = await collectEvidence(wanted, { ...opened, calls });
          const { bytes, digest } = writeLines(lines);
          await writeFile(out, bytes, { flag: 'wx', mode: 0o600 });
          const { header } = await verifyEvidence(bytes);
          await say([
            ...sayEvidence(header, summary, observed),
            `  key    ${fingerprintOf(header.key)}`,
            `  digest ${digest}`,
          ]);
          return tellGaps(gapsIn(summary, observed));
        } finally {
          opened.close();
        }
      }),
    );

  evidence
    .command('verify <file>')
    .description('whether it is what it was, with no broker and no AWS')
    .option('--key <fingerprint>', 'that it must be signed by: the deployment tells it by `evidence key`')
    .option('--digest <sha256>', 'that it must have: told when it was made')
    .option('--samples', 'the story of each sample, too')
    .action(
      telling(async (file: string, { key, digest, samples }: VerifyOptions) => {
        const found = await verifyEvidence(await readFile(file));
        if (key !== undefined && key !== found.keyFingerprint)
          throw new EvidenceAltered(
            `it is signed by ${found.keyFingerprint}, which is not the key that was named`,
          );
        if (digest !== undefined && digest !== found.digest)
          throw new EvidenceAltered(`its digest is ${found.digest}, which is not the one that was named`);
        const { header, summary, observed, material, keyFingerprint } = found;
        await say([
          'genuine: nothing was removed, added or altered',
          ...sayEvidence(header, summary, observed),
          `  key    ${keyFingerprint}${key === undefined ? ', which --key compares' : ''}`,
          `  digest ${found.digest}`,
          ...(samples ? saySamples(summary, material) : []),
        ]);
        return tellGaps(gapsIn(summary, observed));
      }),
    );

  evidence
    .command('key')
    .description("the fingerprint of the key that signs this deployment's log")
    .action(
      telling(async () => {
        const opened = await openAudit(findAudit(env));
        opened.close();
        await write(fingerprintOf(opened.headsKey));
        return 0;
      }),
    );
}
