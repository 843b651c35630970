import { generateKeyPairSync, sign } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { collectEvidence, type Wanted } from '../../../clients/evidence/collect-evidence.ts';
import { type Line, readLines, writeLines } from '../../../clients/evidence/evidence-lines.ts';
import { gapsIn, sayEvidence, saySamples } from '../../../clients/evidence/say-evidence.ts';
import { fingerprintOf, verifyEvidence } from '../../../clients/evidence/verify-evidence.ts';
import { keyOfHeads } from '../../../lambdas/shared/domain/audit/archive-keys.ts';
import type { AuditEntry } from '../../../lambdas/shared/domain/audit/audit-record.ts';
import { bytesOfHeads } from '../../../lambdas/shared/domain/audit/signed-heads.ts';
import type { UsedCall } from '../../../lambdas/shared/domain/audit/used-call.ts';
import { startWrittenLog, type WrittenLog } from '../audit/support/written-log.ts';

let log: WrittenLog;
let putBack: () => Promise<void>;
/** When the period begins and ends; something happens before, within and after it. */
let from: string;
let to: string;
const idOf = (chain: string, nth: number) =>
  `${chain}-01JD3Z9Q2N8K4V6B1C5D7E9${String(nth).padStart(3, '0')}`;
const CHAINS = ['_config', 'anna', 'bert'];

async function grant(chain: string, nth: number): Promise<void> {
  const requestId = idOf(chain, nth);
  const tell = (event: AuditEntry['event'], facts: Record<string, unknown>) =>
    log.record({ chain, requestId, event, facts });
  await tell('requested', { request: { principalId: chain, reason: 'A job that needs doing.' } });
  await tell('voted', { principalId: 'carl', decision: 'approve', counted: true });
  await tell('issued', { session: { sessionName: requestId }, approvers: [] });
}
const configure = (nth: number) =>
  log.record({
    chain: '_config',
    requestId: '_config',
    event: 'config_changed',
    occurrence: `after ${nth}`,
    facts: { digests: { catalog: `sha256:${nth}`, guardrails: 'sha256:g', approvals: 'sha256:a' } },
  });
const signHeads = () => log.sign(...CHAINS);
const DAY = 24 * 60;

beforeAll(async () => {
  log = await startWrittenLog();
  await configure(1);
  await grant('anna', 1);
  await signHeads();
  log.wait(DAY);
  from = log.now();
  log.wait(1);
  for (let nth = 2; nth <= 6; nth++) await grant('anna', nth);
  await log.record({
    chain: 'bert',
    requestId: idOf('bert', 1),
    event: 'denied',
    facts: { reason: 'no_grants' },
  });
  await log.record({
    chain: 'bert',
    requestId: idOf('bert', 2),
    event: 'principal_changed',
    facts: { baseVersion: 0 },
  });
  const review = { chain: '_access_reviews', requestId: idOf('access_review', 1) };
  await log.record({ ...review, event: 'access_review_opened', facts: { items: 2 } });
  await log.record({ ...review, event: 'access_decided', facts: { principal: 'anna', decision: 'keep' } });
  await log.record({
    ...review,
    event: 'access_review_ended',
    facts: { overdue: ['bert'], overdueInAll: 1 },
  });
  log.wait(DAY);
  await configure(2);
  await signHeads();
  log.wait(DAY);
  to = log.now();
  log.wait(1);
  await grant('anna', 7);
  await signHeads();
  putBack = await log.keep();
  return () => log.close();
});
afterEach(() => putBack());

const wanted = (more: Partial<Wanted> = {}): Wanted => ({
  from,
  to,
  seed: 'an auditor’s own',
  sampleSize: 2,
  ...more,
});
const collect = (more: Partial<Wanted> = {}, calls?: readonly UsedCall[]) =>
  collectEvidence(wanted(more), { ...log.ports, headsKey: log.headsKey, calls: () => calls });
const made = async (more: Partial<Wanted> = {}) => writeLines((await collect(more)).lines);
/** The same file with some of its lines changed, and a digest that is right again. */
async function forged(change: (lines: Line[]) => Line[]): Promise<Buffer> {
  const { lines } = readLines((await made()).bytes);
  return writeLines(change(structuredClone(lines))).bytes;
}
const recordsIn = (lines: readonly Line[]) =>
  lines.flatMap((line) => (line.type === 'record' ? [line.record] : []));

describe('evidence of a period', () => {
  test('has its populations, to the record, and no more', async () => {
    const { summary, observed } = await collect();
    const sizes = Object.fromEntries(
      Object.entries(summary.populations).map(([name, { length }]) => [name, length]),
    );
    expect(sizes).toEqual({
      requests: 5,
      jobs: 0,
      grants: 5,
      breakGlass: 0,
      reviews: 0,
      accessReviews: 2,
      denials: 1,
      approvals: 5,
      changes: 1,
      configuration: 1,
      joiners: 1,
      leavers: 0,
      revocations: 0,
      restorations: 0,
    });
    expect(gapsIn(summary, observed)).toEqual([]);
  });

  test('samples of an access review are whole, with its opening', async () => {
    const { summary } = await collect();
    const [sample] = summary.samples.accessReviews ?? [];
    expect(sample?.records.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(sample).not.toHaveProperty('beganBefore');
  });

  test('verifies with nothing but itself, and says by which key', async () => {
    const { bytes, digest } = await made();
    const found = await verifyEvidence(bytes);
    expect([found.digest, found.keyFingerprint]).toEqual([digest, fingerprintOf(log.headsKey)]);
    expect(sayEvidence(found.header, found.summary, found.observed).join('\n')).toContain(
      'grants        5, of which 2 sampled',
    );
  });

  test('holds all of each sample: its story from the asking to the end', async () => {
    const found = await verifyEvidence((await made()).bytes);
    const [first] = found.summary.samples.grants ?? [];
    expect(first?.records).toHaveLength(3);
    expect(first?.beganBefore).toBeUndefined();
    expect(saySamples(found.summary, found.material).join('\n')).toContain(
      'asked: “A job that needs doing.”',
    );
    expect(found.summary.samples.denials).toMatchObject([{ chain: 'bert', beganBefore: true }]);
  });

  test('draws the same samples by the same seed, and others by another', async () => {
    const drawn = async (seed: string) => JSON.stringify((await collect({ seed })).summary.samples.grants);
    expect(await drawn('one')).toBe(await drawn('one'));
    const others = await Promise.all(['two', 'three', 'four', 'five'].map(drawn));
    expect(new Set([await drawn('one'), ...others]).size).toBeGreaterThan(1);
  });

  test('says which configuration was in force on each day, that from before the period too', async () => {
    const { summary } = await collect();
    const catalogs = summary.configuration.map(({ digests }) => (digests as { catalog: string }).catalog);
    expect(catalogs[0]).toBe('sha256:1');
    expect(catalogs.at(-1)).toBe('sha256:2');
    expect(summary.configuration.length).toBeGreaterThanOrEqual(2);
  });

  test('holds CloudTrail’s calls against the sessions of the log, and names a stranger', async () => {
    const call = (sessionName: string, minutes: number): UsedCall => ({
      at: new Date(Date.parse(from) + minutes * 60_000).toISOString(),
      principalId: 'anna',
      sessionName,
      action: 'dynamodb:GetItem',
      resources: [],
      allowed: true,
    });
    const calls = [
      call(idOf('anna', 2), 2),
      call('of-nobody', 90),
      call('perhaps-of-before', 5),
      call('outside', -5),
    ];
    const { summary, observed } = await collect({}, calls);
    expect(observed.cloudTrail).toMatchObject({ calls: 3, sessions: 3 });
    expect(observed.cloudTrail?.unknown).toEqual([
      { sessionName: 'of-nobody', principalId: 'anna', firstHour: false },
      { sessionName: 'perhaps-of-before', principalId: 'anna', firstHour: true },
    ]);
    expect(gapsIn(summary, observed)).toEqual([expect.stringContaining('of-nobody of anna')]);
  });
});

describe('a gap is named', () => {
  test('where the log begins after the period', async () => {
    const { summary, observed, lines } = await collect({ from: '2026-01-01T00:00:00.000Z' });
    expect(gapsIn(summary, observed)).toEqual([
      expect.stringMatching(/^the log begins at .*, after the period does$/),
    ]);
    expect((await verifyEvidence(writeLines(lines).bytes)).summary.gaps).toHaveLength(1);
    expect(summary.configuration[0]).toEqual({ day: '2026-01-01', digests: null });
  });

  test('where nothing is signed to its end', async () => {
    const { summary, observed } = await collect({ to: '2027-12-01T00:00:00.000Z' });
    expect(gapsIn(summary, observed)).toEqual([expect.stringContaining('nothing is signed after')]);
  });

  test('where tables were restored', async () => {
    log.wait(4 * DAY);
    await log.record({
      chain: '_restored',
      requestId: '_restored',
      event: 'restored',
      facts: { restoredTo: from },
    });
    await log.sign(...CHAINS, '_restored');
    log.wait(1);
    const { summary, observed } = await collect({ to: log.now() });
    expect(gapsIn(summary, observed).join('\n')).toContain(`tables were restored to ${from}`);
  });

  test('where nothing was ever signed there is no evidence', async () => {
    const empty = { ...log.ports.archive, async *versionsOf() {} };
    const ports = { ...log.ports, archive: empty, headsKey: log.headsKey, calls: () => undefined };
    await expect(collectEvidence(wanted(), ports)).rejects.toMatchObject({ name: 'NoEvidence' });
  });

  test('where the log itself was tampered with, none is made, and the place is named', async () => {
    await log.rehash('anna', 5, (record) => ({ ...record, facts: { reason: 'another' } }));
    await expect(collect()).rejects.toMatchObject({
      name: 'NoEvidence',
      message: expect.stringContaining('anna'),
    });
  });
});

describe('a file that was changed does not verify', () => {
  test('by one byte, wherever it is', async () => {
    const { bytes } = await made();
    const places = [0, 1, 40, bytes.length - 1, bytes.length - 2, bytes.length - 30];
    for (let nth = 1; nth < 40; nth++) places.push(Math.floor((bytes.length * nth) / 40));
    for (const place of places) {
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] ?? 0) ^ 1;
      await expect(verifyEvidence(changed), `byte ${place}`).rejects.toMatchObject({
        name: 'EvidenceAltered',
      });
    }
    for (const cut of [
      bytes.subarray(0, -1),
      bytes.subarray(1),
      Buffer.alloc(0),
      Buffer.concat([bytes, Buffer.from('\n')]),
    ])
      await expect(verifyEvidence(cut)).rejects.toMatchObject({ name: 'EvidenceAltered' });
  });

  test.each<[string, (lines: Line[]) => Line[], string]>([
    [
      'a record is taken out',
      (lines) =>
        lines.filter(
          (line) => !(line.type === 'record' && line.record.chain === 'anna' && line.record.seq === 6),
        ),
      'anna 6: missing',
    ],
    [
      'the last records are taken out',
      (lines) =>
        lines.filter(
          (line) => !(line.type === 'record' && line.record.chain === 'anna' && line.record.seq > 15),
        ),
      'anna 16: cut',
    ],
    [
      'a whole chain is taken out',
      (lines) => lines.filter((line) => !(line.type === 'record' && line.record.chain === 'bert')),
      'bert 1: cut',
    ],
    [
      'a record says otherwise',
      (lines) => {
        const [, , third] = recordsIn(lines).filter(({ chain }) => chain === 'anna');
        if (third) third.facts = { session: { sessionName: 'another' } };
        return lines;
      },
      'altered',
    ],
    [
      'a record is added behind the last that was signed',
      (lines) => {
        const last = recordsIn(lines).findLast(({ chain }) => chain === 'anna');
        return last ? [...lines, { type: 'record', record: { ...last, seq: last.seq + 1 } }] : lines;
      },
      'anna',
    ],
    [
      'the configuration before it is another',
      (lines) => {
        const base = recordsIn(lines).find(({ chain }) => chain === '_config');
        if (base) base.facts = { digests: { catalog: 'sha256:9' } };
        return lines;
      },
      '_config 1: it is not the record that was signed',
    ],
    [
      'the period is said to be shorter',
      (lines) =>
        lines.map((line) =>
          line.type === 'evidence'
            ? { ...line, from: '2026-11-21T23:00:00.000Z', to: '2026-11-21T23:30:00.000Z' }
            : line,
        ),
      'what it says of the period',
    ],
    [
      'the period is said to begin earlier',
      (lines) =>
        lines.map((line) =>
          line.type === 'evidence' ? { ...line, from: '2020-01-01T00:00:00.000Z' } : line,
        ),
      'signed after its period began',
    ],
    [
      'the seed is another',
      (lines) =>
        lines.map((line) => (line.type === 'evidence' ? { ...line, seed: 'chosen to please' } : line)),
      'what it says of the period',
    ],
    [
      'a population is shorter',
      (lines) =>
        lines.map((line) => {
          if (line.type !== 'summary') return line;
          const summary = line.summary as { populations: Record<string, unknown[]> };
          summary.populations.denials = [];
          return line;
        }),
      'what it says of the period',
    ],
    [
      'its heads are of another number',
      (lines) =>
        lines.map((line) =>
          line.type === 'heads'
            ? { ...line, signed: { ...line.signed, heads: { ...line.signed.heads, number: 9 } } }
            : line,
        ),
      'signature',
    ],
    [
      'its key is none',
      (lines) => lines.map((line) => (line.type === 'evidence' ? { ...line, key: 'AAAA' } : line)),
      'its key is none',
    ],
    [
      'there are two of what it is of',
      (lines) => [...lines, ...lines.filter(({ type }) => type === 'evidence')],
      'not one',
    ],
    ['there are no heads', (lines) => lines.filter(({ type }) => type !== 'heads'), '0 signed heads'],
    [
      'a line is nothing that it has',
      (lines) => [...lines, { type: 'note', text: 'x' } as unknown as Line],
      'nothing that evidence has',
    ],
  ])('nor where %s and the digest is made anew', async (_, change, problem) => {
    await expect(verifyEvidence(await forged(change))).rejects.toMatchObject({
      name: 'EvidenceAltered',
      message: expect.stringContaining(problem),
    });
  });

  test('signed throughout by another key, it is another key’s: its fingerprint says so', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const bytes = await forged((lines) =>
      lines.map((line) => {
        if (line.type === 'evidence')
          return { ...line, key: other.publicKey.export({ format: 'der', type: 'spki' }).toString('base64') };
        if (line.type !== 'heads') return line;
        const signature = sign('sha256', bytesOfHeads(line.signed.heads), other.privateKey).toString(
          'base64',
        );
        return { ...line, signed: { ...line.signed, signature } };
      }),
    );
    expect((await verifyEvidence(bytes)).keyFingerprint).not.toBe(fingerprintOf(log.headsKey));
  });
});

test('heads that the archive lacks between are named', async () => {
  const versionsOf = log.ports.archive.versionsOf.bind(log.ports.archive);
  const archive = {
    ...log.ports.archive,
    async *versionsOf(prefix: string) {
      for await (const version of versionsOf(prefix)) if (version.key !== keyOfHeads(2)) yield version;
    },
  };
  const { observed, summary } = await collectEvidence(wanted(), {
    ...log.ports,
    archive,
    headsKey: log.headsKey,
    calls: () => undefined,
  });
  expect(observed.missingHeads).toEqual([2]);
  expect(gapsIn(summary, observed)).toEqual(['the archive lacks signed heads 2']);
});
