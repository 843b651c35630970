import { createHash } from 'node:crypto';
import { type AuditRecord, CONFIG_CHAIN } from '../../lambdas/shared/domain/audit/audit-record.ts';
import type { SignedHeads } from '../../lambdas/shared/domain/audit/signed-heads.ts';
import type { Header } from './evidence-lines.ts';
import { groupBy } from './group-by.ts';

/** All that evidence is made of: what the log's key signed, and the records between. */
export type Material = {
  /** The last heads that were signed before the period; undefined where the log is younger. */
  readonly start: SignedHeads | undefined;
  /** The first that were signed after it, or the last that there are. */
  readonly end: SignedHeads;
  /** By chain, in order: what came after `start`, to `end`. Of the configuration also the record that `start` names. */
  readonly records: readonly AuditRecord[];
};

type Place = { readonly chain: string; readonly seq: number };
type Member = Place & { readonly requestId: string };

/** Which records a population is of. */
const POPULATIONS: Readonly<Record<string, (record: AuditRecord) => boolean>> = {
  requests: ({ event }) => event === 'requested',
  jobs: (record) =>
    record.event === 'requested' && (record.facts.request as { job?: unknown })?.job !== undefined,
  grants: ({ event }) => event === 'issued',
  breakGlass: (record) => record.event === 'issued' && record.facts.breakGlass === true,
  reviews: ({ event }) => event === 'session_reviewed',
  accessReviews: ({ event }) => ['access_decided', 'access_review_ended'].includes(event),
  denials: ({ event }) => event === 'denied',
  approvals: (record) =>
    record.event === 'voted' &&
    record.facts.counted === true &&
    String(record.facts.decision).startsWith('approve'),
  changes: ({ event }) => ['policy_changed', 'principal_changed', 'template_changed'].includes(event),
  configuration: ({ event }) => event === 'config_changed',
  joiners: (record) =>
    record.event === 'person_joined' ||
    (record.event === 'principal_changed' && record.facts.baseVersion === 0),
  leavers: ({ event }) => event === 'person_left',
  revocations: ({ event }) => event === 'revoked',
  restorations: ({ event }) => event === 'restored',
};

/** What keeps a period from being whole. */
export type Gap =
  | { readonly kind: 'log_begins'; readonly after: string }
  | { readonly kind: 'not_signed'; readonly after: string }
  | { readonly kind: 'restored'; readonly recorded: string; readonly restoredTo: string };

export type Sample = Member & {
  /** All records of the same request, in every chain. */
  readonly records: readonly Place[];
  /** Its request was made before the period: its first records are in the log, and not here. */
  readonly beganBefore?: true;
};

export type Summary = {
  readonly populations: Readonly<Record<string, readonly Member[]>>;
  readonly samples: Readonly<Record<string, readonly Sample[]>>;
  /** Digests of catalog, guardrails and tiers at the end of each day, UTC; null where none was recorded yet. */
  readonly configuration: readonly { readonly day: string; readonly digests: unknown }[];
  readonly gaps: readonly Gap[];
};

/** The first records of what has an id. */
const BEGINNINGS: readonly string[] = ['requested', 'access_review_opened'];

const DAY_MS = 86_400_000;

const memberOf = ({ chain, seq, requestId }: AuditRecord): Member => ({ chain, seq, requestId });

/** Draws by a hash of the seed: the same seed draws the same, and nobody can tell beforehand what it will be. */
function draw(name: string, members: readonly Member[], { seed, sampleSize }: Header): Member[] {
  const rankOf = ({ chain, seq }: Member) =>
    createHash('sha256')
      .update(JSON.stringify([seed, name, chain, seq]))
      .digest('hex');
  return members
    .map((member) => ({ member, rank: rankOf(member) }))
    .sort((left, right) => (left.rank < right.rank ? -1 : 1))
    .slice(0, sampleSize)
    .map(({ member }) => member);
}

function configurationByDay(records: readonly AuditRecord[], { from, to }: Header): Summary['configuration'] {
  const changes = records.filter(({ chain, event }) => chain === CONFIG_CHAIN && event === 'config_changed');
  const days: { day: string; digests: unknown }[] = [];
  const last = Date.parse(to);
  for (let start = Date.parse(`${from.slice(0, 10)}T00:00:00Z`); start < last; start += DAY_MS) {
    const end = new Date(Math.min(start + DAY_MS, last)).toISOString();
    const inForce = changes.findLast((change) => change.at < end);
    days.push({ day: new Date(start).toISOString().slice(0, 10), digests: inForce?.facts.digests ?? null });
  }
  return days;
}

function gapsOf({ start, end, records }: Material, { from, to }: Header): Gap[] {
  const first = records.reduce(
    (least, { at: recordedAt }) => (recordedAt < least ? recordedAt : least),
    end.heads.at,
  );
  return [
    ...(!start && first > from ? [{ kind: 'log_begins', after: first } as const] : []),
    ...(end.heads.at < to ? [{ kind: 'not_signed', after: end.heads.at } as const] : []),
    ...records
      .filter(({ event }) => event === 'restored')
      .map((record) => ({
        kind: 'restored' as const,
        recorded: record.at,
        restoredTo: String(record.facts.restoredTo),
      })),
  ];
}

/** What the material says of the period: made again from it, it is the same to the byte. */
export function summarize(material: Material, header: Header): Summary {
  const { records } = material;
  const inPeriod = records.filter(
    ({ at: recordedAt }) => recordedAt >= header.from && recordedAt < header.to,
  );
  const byRequest = groupBy(records, ({ requestId }) => requestId);
  const populations: Record<string, Member[]> = {};
  const samples: Record<string, Sample[]> = {};
  for (const [name, isOf] of Object.entries(POPULATIONS)) {
    const members = inPeriod.filter(isOf).map(memberOf);
    populations[name] = members;
    samples[name] = draw(name, members, header).map((member) => {
      const all = byRequest.get(member.requestId) ?? [];
      const isWhole = all.some(({ event }) => BEGINNINGS.includes(event)) || member.requestId.startsWith('_');
      return {
        ...member,
        records: all.map(({ chain, seq }) => ({ chain, seq })),
        ...(!isWhole && { beganBefore: true as const }),
      };
    });
  }
  return {
    populations,
    samples,
    configuration: configurationByDay(records, header),
    gaps: gapsOf(material, header),
  };
}
