import { randomUUID } from 'node:crypto';
import type { DirectoryGroup, DirectoryUser } from '../../../lambdas/shared/domain/people/directory.ts';
import { type Template, templateSchema } from '../../../lambdas/shared/domain/people/template.ts';

const AT = '2026-11-20T10:00:00.000Z';
const stored = () => ({ id: randomUUID() as string, version: 1, createdAt: AT, changedAt: AT });

/** A user as an identity provider wrote them. */
export const userOf = (userName: string, more: Partial<DirectoryUser> = {}): DirectoryUser => ({
  kind: 'user',
  ...stored(),
  userName,
  externalId: `ext-${userName}`,
  active: true,
  emails: [{ value: `${userName}@bank.example`, primary: true }],
  ...more,
});

export const groupOf = (
  displayName: string,
  members: readonly Pick<DirectoryUser, 'id'>[],
  more: Partial<DirectoryGroup> = {},
): DirectoryGroup => ({
  kind: 'group',
  ...stored(),
  displayName,
  members: members.map(({ id }) => id),
  ...more,
});

export const ISSUER = 'https://login.bank.example';

export const templateOf = (more: Record<string, unknown> = {}): Template =>
  templateSchema.parse({
    id: 'engineers',
    group: { displayName: 'Engineering' },
    groups: ['employees'],
    signIn: [{ issuer: ISSUER, subject: 'externalId' }],
    policy: 'Engineers may read what they work on.',
    ...more,
  });
