import type { Compared } from '../../../lambdas/request-approval/diff-of-bundle.ts';
import type { ChangePart } from '../../../lambdas/shared/domain/access-request.ts';
import { sharePerson } from '../../../lambdas/shared/domain/approvals/same-person.ts';
import { nameOfPart } from '../../../lambdas/shared/domain/bundle/bundle.ts';
import { problemsOfBundle } from '../../../lambdas/shared/domain/bundle/problems-of-bundle.ts';
import { asJson, canonicalJson, digestOf } from '../../../lambdas/shared/domain/digest.ts';
import { proposedPrincipal } from '../../../lambdas/shared/domain/identity/proposed-principal.ts';
import { isOfDirectory } from '../../../lambdas/shared/domain/people/directory-principal.ts';
import { markOfTemplate, marksOf, type Template } from '../../../lambdas/shared/domain/people/template.ts';
import type { Principal } from '../../../lambdas/shared/domain/principal.ts';
import { principalText, templateText } from '../../../lambdas/shared/domain/text/readable-proposal.ts';
import type { Folder } from './read-folder.ts';
import type { InForce } from './read-in-force.ts';

/** What takes what is in force to what the folder says. */
export type FolderPlan = {
  readonly compared: readonly Compared[];
  /** What is in force, is not in the folder, and stays. */
  readonly left: readonly string[];
  /** Why nothing of it can be proposed. */
  readonly problems: readonly string[];
};

const isSame = (left: object, right: object): boolean => digestOf(asJson(left)) === digestOf(asJson(right));

type Entry = Principal | Template;

/** A part that writes an entry, unless it is in force as it is. */
function entryPart<Kind extends 'principal' | 'template'>(
  kind: Kind,
  entry: Entry,
  present: Entry | undefined,
  readable: (entry: Entry) => string,
): Compared[] {
  const baseVersion = present?.version ?? 0;
  if (present && isSame({ ...entry, version: baseVersion }, present)) return [];
  const proposal = canonicalJson(asJson({ ...entry, version: baseVersion + 1 }));
  return [
    { part: { kind, target: entry.id, proposal, baseVersion }, current: present ? readable(present) : '' },
  ];
}

/** Passkeys are their owner's: whoever keeps files neither gives nor takes them. */
const withPasskeys = (principal: Principal, present: Principal | undefined): Principal => ({
  ...principal,
  ...(present?.passkeys && { passkeys: present.passkeys }),
});

/** A file has a line end at its end that a policy may lack. */
const withoutLineEnd = (text: string): string => text.replace(/\n$/, '');

function policyParts({ policies }: Folder, inForce: InForce): Compared[] {
  return [...policies].flatMap(([target, proposal]) => {
    const present = inForce.policies.get(target);
    if (present && withoutLineEnd(present.text) === proposal) return [];
    const baseVersion = present?.version ?? 0;
    return [
      { part: { kind: 'policy', target, proposal, baseVersion } as const, current: present?.text ?? '' },
    ];
  });
}

/** Whom the folder does not name. Those of the directory are its templates' matter. */
const unnamed = ({ principals }: Folder, inForce: InForce): Principal[] =>
  [...inForce.principals.values()].filter(
    ({ id, status }) => !principals.has(id) && !isOfDirectory(id) && status === 'active',
  );

function halves({ principals, policies }: Folder, inForce: InForce): string[] {
  const known = (id: string) => principals.has(id) || inForce.principals.has(id);
  return [
    ...[...principals.keys()]
      .filter((id) => !policies.has(id) && !inForce.policies.has(id))
      .map(
        (id) =>
          `principals/${id}.json: there is no policies/${id}.txt, and without a policy nothing is granted`,
      ),
    ...[...policies.keys()]
      .filter((id) => !known(id))
      .map((id) => `policies/${id}.txt: there is no principals/${id}.json, and nobody of that id in force`),
  ];
}

/** Nobody proposes what they themselves may do: the broker would refuse it, after a review. */
function own(parts: readonly ChangePart[], { caller, principals }: InForce): string[] {
  const marks = marksOf(caller);
  const touched = parts.filter((part) => {
    if (part.target === caller.id && part.kind !== 'template') return true;
    if (part.kind === 'template') return marks.includes(markOfTemplate(part.target));
    const persons = [
      ...(principals.get(part.target)?.persons ?? []),
      ...(proposedPrincipal(part)?.persons ?? []),
    ];
    return sharePerson(marks, persons);
  });
  return touched.map(
    (part) => `${nameOfPart(part)}: it is about ${caller.id}, who asks; somebody else must apply this folder`,
  );
}

/** Plans a folder against what is in force. `prune`: whom it does not name is suspended. */
export function planFolder(folder: Folder, inForce: InForce, { prune }: { prune: boolean }): FolderPlan {
  const missing = unnamed(folder, inForce);
  const compared = [
    ...[...folder.principals.values()].flatMap((principal) => {
      const present = inForce.principals.get(principal.id);
      return entryPart('principal', withPasskeys(principal, present), present, principalText);
    }),
    ...(prune ? missing : []).flatMap((principal) =>
      entryPart('principal', { ...principal, status: 'suspended' }, principal, principalText),
    ),
    ...policyParts(folder, inForce),
    ...[...folder.templates.values()].flatMap((template) =>
      entryPart('template', template, inForce.templates.get(template.id), templateText),
    ),
  ].sort(
    (left, right) =>
      left.part.target.localeCompare(right.part.target) || right.part.kind.localeCompare(left.part.kind),
  );
  const parts = compared.map(({ part }) => part);
  const emptied = prune && folder.principals.size === 0;
  return {
    compared,
    left: [
      ...(prune ? [] : missing.map(({ id }) => `principal ${id}`)),
      ...[...inForce.templates.keys()]
        .filter((id) => !folder.templates.has(id))
        .map((id) => `template ${id}`),
    ],
    problems: [
      ...(emptied ? ['principals: it is empty, and --prune would suspend everybody'] : []),
      ...halves(folder, inForce),
      ...problemsOfBundle(parts),
      ...own(parts, inForce),
    ],
  };
}
