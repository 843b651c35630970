import { type Command, Option } from 'commander';
import { callsInCloudTrailFiles } from '../../lambdas/shared/adapters/audit/cloudtrail-files.ts';
import { readConfigFiles } from '../../lambdas/shared/adapters/config/read-config.ts';
import { canonicalJson } from '../../lambdas/shared/domain/digest.ts';
import { DependencyUnavailable } from '../../lambdas/shared/domain/errors.ts';
import { compareUsage } from './compare-usage.ts';
import { EXPORT_FORMATS, type ExportFormat, exportAudit, itemsOf } from './export-audit.ts';
import { AuditNotFound, findAudit } from './find-audit.ts';
import { findCloudTrail } from './find-cloudtrail.ts';
import { makeFindResources } from './find-resources.ts';
import { type AuditPlace, type OpenAudit, openAudit } from './open-audit.ts';
import { sayStory } from './say-story.ts';
import { sayUsage } from './say-usage.ts';
import { sayVerdict } from './say-verdict.ts';
import { isIntact, verifyAudit } from './verify-audit.ts';

type AuditCommandPorts = {
  readonly env: Record<string, string | undefined>;
  /** Writes one line, and waits until it is taken: an export is as fast as its reader. */
  readonly write: (line: string) => Promise<void>;
  readonly fail: (line: string) => void;
};

/** Exit codes: the log was tampered with; nothing could be read. */
const TAMPERED = 1;
const UNREADABLE = 2;

/** What could not be reached, where, and what to look at. */
const sayUnreachable = ({ message }: DependencyUnavailable, place: AuditPlace | undefined): string =>
  place?.endpoint
    ? `the sandbox at ${place.endpoint} does not answer (${message}): is npm start running in this folder?`
    : `AWS could not be read (${message}): check the network, the region, and that the role may read the log`;

/** Adds `audit verify`, `export`, `show` and `usage`. Each answers its exit code through `done`. */
export function addAuditCommands(
  program: Command,
  { env, write, fail }: AuditCommandPorts,
  done: (exitCode: number) => void,
): void {
  const writeAll = async (lines: Iterable<string>) => {
    for (const line of lines) await write(line);
  };
  const withAudit =
    <Arguments extends unknown[]>(run: (opened: OpenAudit, ...rest: Arguments) => Promise<number>) =>
    async (...rest: Arguments): Promise<void> => {
      let place: AuditPlace | undefined;
      try {
        place = findAudit(env);
        const opened = await openAudit(place);
        try {
          done(await run(opened, ...rest));
        } finally {
          opened.close();
        }
      } catch (error) {
        if (!(error instanceof AuditNotFound || error instanceof DependencyUnavailable)) throw error;
        fail(
          `postern audit: ${error instanceof DependencyUnavailable ? sayUnreachable(error, place) : error.message}`,
        );
        done(UNREADABLE);
      }
    };

  const audit = program
    .command('audit')
    .description(
      'the audit log: verify it, export it, tell the story of a request, hold it against what was used',
    );
  audit
    .command('verify')
    .description('walk every chain; names the first bad record of each')
    .option('--json', 'the verdict as JSON')
    .action(
      withAudit(async (opened, { json }: { json?: boolean }) => {
        const verdict = await verifyAudit(opened);
        await writeAll(json ? [JSON.stringify(verdict)] : sayVerdict(verdict));
        return isIntact(verdict) ? 0 : TAMPERED;
      }),
    );
  audit
    .command('export')
    .description('the whole log, line by line')
    .addOption(new Option('--format <format>', 'of the lines').choices(EXPORT_FORMATS).default('jsonl'))
    .action(
      withAudit(async (opened, { format }: { format: ExportFormat }) => {
        for await (const line of exportAudit(opened.audit, format)) await write(line);
        return 0;
      }),
    );
  audit
    .command('show <request>')
    .description('the story of one request, in order')
    .option('--json', 'its records, one line each')
    .action(
      withAudit(async (opened, requestId: string, { json }: { json?: boolean }) => {
        const records = await opened.audit.ofRequest(requestId);
        if (records.length === 0) fail(`postern audit: nothing is recorded of ${requestId}`);
        await writeAll(json ? records.map(canonicalJson) : sayStory(records));
        return records.length === 0 ? UNREADABLE : 0;
      }),
    );
  audit
    .command('usage')
    .description('what was granted against what was used, and what could be tighter')
    .option('--cloudtrail <folder>', 'of CloudTrail log files; the sandbox keeps its own')
    .option('--json', 'the report as JSON')
    .action(
      withAudit(async ({ audit: log }, { cloudtrail, json }: { cloudtrail?: string; json?: boolean }) => {
        const calls = callsInCloudTrailFiles(findCloudTrail(env, cloudtrail));
        const find = makeFindResources(readConfigFiles().catalog);
        const report = await compareUsage(itemsOf(log), calls, find);
        await writeAll(json ? [JSON.stringify(report)] : sayUsage(report));
        return 0;
      }),
    );
}
