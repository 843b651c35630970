import * as z from 'zod';
import type { SlackUsers } from '../../demo/principals.ts';
import { ConfigError } from '../../lambdas/shared/domain/config-error.ts';

const pairSchema = z.tuple([z.string().regex(/^[a-z][a-z0-9_]+$/), z.string().regex(/^[UW][A-Z0-9]{2,}$/)]);

/** `approver1=U012AB3CD,admin=U045EF6GH`: who of a real workspace plays whom. Throws ConfigError. */
export function readSlackUsers(text: string | undefined): SlackUsers {
  const pairs = (text ?? '').split(',').filter((pair) => pair.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const parsed = pairSchema.safeParse(pair.trim().split('='));
      if (parsed.success) return parsed.data;
      throw new ConfigError(
        'environment',
        undefined,
        'SLACK_USERS is not like approver1=U012AB3CD,admin=U045EF6GH',
      );
    }),
  );
}
