import {
  type AccessLevel,
  accessLevelSchema,
  type CatalogResource,
} from '../../../lambdas/shared/domain/catalog/catalog.ts';
import { hasLevel } from './entries-of-role.ts';

/** Approvals that a skeleton asks for at least: whoever deploys it may take less away than was thought of. */
const NEEDS: Readonly<Record<AccessLevel, string>> = {
  read: 'context.approvals >= 1',
  write: 'context.approvals >= 1',
  admin: 'context.approvals >= 1 && context.stepUpApprovals >= 1',
};

/**
 * Guardrails to begin with: a group may ask for what was used, each level by itself and each with an approval. Nobody is
 * in the group until somebody is put there.
 */
export function guardrailSkeleton(group: string, entries: readonly CatalogResource[]): string {
  const rules = accessLevelSchema.options.flatMap((level) => {
    const keys = entries.filter((entry) => hasLevel(entry, level)).map(({ key }) => `Resource::"${key}"`);
    if (keys.length === 0) return [];
    const listed = `[${keys.join(', ')}].contains(resource)`;
    return [
      `@id("${group}-${level}")\npermit (principal in Group::"${group}", action in Action::"${level}", resource)\nwhen { ${listed} };\n`,
      `@id("${group}-${level}-needs-human")\nforbid (principal, action in Action::"${level}", resource)\nwhen { ${listed} }\nunless { ${NEEDS[level]} };\n`,
    ];
  });
  return [
    `// Suggested from what was used: put whoever is to ask into the group, and say what needs fewer approvals, or more.\n`,
    ...rules,
  ].join('\n');
}
