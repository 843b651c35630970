import assert from 'node:assert/strict';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type OpenAudit, openAudit } from '../../../clients/audit/open-audit.ts';
import { verifyAudit } from '../../../clients/audit/verify-audit.ts';
import { placeOfArchive } from '../../../lambdas/shared/adapters/audit/place-of-archive.ts';
import { ARCHIVE_PREFIXES, prefixOfChain } from '../../../lambdas/shared/domain/audit/archive-keys.ts';
import { makeTamperedTable, type TamperedTable } from '../../support/audit/tampered-table.ts';
import {
  namesOf,
  type TamperedLog,
  type TamperedPlace,
  type Tampering,
  tamperingsOf,
} from '../../support/audit/tamperings.ts';
import { until } from '../../support/start-cloud.ts';
import type { Attack } from '../attack.ts';
import type { Stage } from '../start-stage.ts';

/** Two whom no other attack plays, so that their chains are of one length. */
const CHAIN = 'approver1';
const OTHER = 'approver2';
/** Requests of each; heads are signed after all but the last, whose records are so younger than any head. */
const REQUESTS = 4;
/** Minutes after which no record is taken to be under way any more. */
const LATER_MINUTES = 20;

/** Fewer than so many times, only some tamperings are played. */
const ALL_OF_THEM_FROM = 10;

/** The archive did not let the attacker do it. */
class Refused extends Error {
  override readonly name = 'Refused';
}

const refusing = async (attempt: Promise<unknown>): Promise<void> => {
  try {
    await attempt;
  } catch (cause) {
    throw new Refused('the archive refused it', { cause });
  }
};

/** Two chains of a few records, and heads signed as the schedule does. Answers where the first ended each time. */
async function writeChains({ cloud }: Stage, table: TamperedTable): Promise<number[]> {
  const signed: number[] = [];
  for (let count = 1; count <= REQUESTS; count++) {
    const reason = `The profile of customer ${count} is needed for a case.`;
    for (const principal of [CHAIN, OTHER])
      await cloud.as(principal)('POST', '/requests?dryRun=true&wait=20', { reason });
    if (count === REQUESTS) break;
    await cloud.invoke('postern-sign-heads', { 'detail-type': 'Scheduled Event' });
    signed.push((await table.itemsOf([CHAIN])).length);
  }
  return signed;
}

/** The running log in the hands of an administrator of the account. */
function tamperedLogOf({ cloud }: Stage, table: TamperedTable) {
  const { bucket: Bucket, endpoint } = placeOfArchive(cloud.access.audit.archiveUrl);
  const s3 = new S3Client({ ...cloud.clientOptions, endpoint, forcePathStyle: true });
  const impossible = (): never => {
    throw new Error('nobody can do this to a running log');
  };
  const log: TamperedLog = {
    ...table,
    append: impossible,
    stream: impossible,
    complaints: impossible,
    wait: impossible,
    archive: {
      async textOf(Key) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        return (await Body?.transformToString()) ?? '';
      },
      overwrite: (Key, Body) => refusing(s3.send(new PutObjectCommand({ Bucket, Key, Body }))),
      hide: (Key) => refusing(s3.send(new DeleteObjectCommand({ Bucket, Key }))),
      destroy: impossible,
      alter: impossible,
    },
  };
  return { log, close: () => s3.destroy() };
}

/** Writes the log, waits until all of it is archived, and answers how it stands. */
async function arrange(stage: Stage, opened: OpenAudit, table: TamperedTable): Promise<TamperedPlace> {
  const ends = await writeChains(stage, table);
  for (const chain of [CHAIN, OTHER]) {
    await until(
      () =>
        Promise.all([
          table.itemsOf([chain]),
          Array.fromAsync(opened.archive.versionsOf(prefixOfChain(chain))),
        ]),
      ([held, archived]) => archived.length >= held.length,
    );
  }
  const heads = (await Array.fromAsync(opened.archive.versionsOf(ARCHIVE_PREFIXES.heads))).length;
  const records = (await table.itemsOf([CHAIN])).length;
  const [firstSigned = 0, signed = 0] = [ends[0], ends.at(-1)];
  assert.ok(
    heads > 2 && signed > 2 && records > signed + 2,
    `too short: ${heads} heads, ${signed} of ${records}`,
  );
  return { chain: CHAIN, other: OTHER, records, signed, heads, firstSigned };
}

/** What nobody has to be more for than an administrator of the account, and how much of it. */
function playable(place: TamperedPlace, times: number): Tampering[] {
  const all = tamperingsOf(place).filter(({ needs }) => needs === undefined || needs === 'the archive');
  if (times >= ALL_OF_THEM_FROM) return all;
  return all.filter((_, index) => index % 9 === 0);
}

export const TAMPERING: readonly Attack[] = [
  {
    kind: 'tampering',
    what: 'the audit log changed in its table and its archive: refused, or audit verify names it, and nothing else',
    async play(stage, times) {
      const { cloud } = stage;
      const { archiveUrl, region, credentials } = cloud.access.audit;
      const identity = { credentials: async () => credentials, region: async () => region };
      const opened = await openAudit({ archiveUrl, endpoint: cloud.urls.aws, identity });
      const table = makeTamperedTable({ client: cloud.database, tableName: 'postern_audit' });
      const { log, close } = tamperedLogOf(stage, table);
      const clock = () => new Date(Date.now() + LATER_MINUTES * 60_000);
      // Heads go on being signed meanwhile, and may just be on their way; nothing here touches them in the table.
      const found = async () =>
        namesOf(await verifyAudit({ ...opened, clock })).filter((name) => !/^_?heads /.test(name));
      try {
        const place = await arrange(stage, opened, table);
        const putBack = await table.keep([CHAIN, OTHER, 'carl']);
        const tamperings = playable(place, times);
        let before = await found();
        assert.deepEqual(before, [], 'found something where nothing was done');
        for (const { what, tamper, found: expected } of tamperings) {
          try {
            await tamper(log);
            const named = (await found()).filter((name) => !before.includes(name));
            assert.deepEqual(named, [...expected].sort(), what);
          } catch (error) {
            if (!(error instanceof Refused)) throw error;
          }
          await putBack();
          // What was added to the archive stays there, and stays named.
          before = await found();
          assert.ok(
            before.every((name) => name.startsWith('archive ')),
            `left behind: ${before}`,
          );
        }
        return tamperings.length;
      } finally {
        opened.close();
        close();
      }
    },
  },
];
