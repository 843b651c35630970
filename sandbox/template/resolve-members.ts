import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import { resolveTemplate } from './resolve-template.ts';
import type { ResolvedTemplate, Synthesised } from './types.ts';

/** The other accounts of a template, as if each were deployed there for the broker of the sandbox. */
export const resolveMembers = ({ members = {} }: Synthesised): ReadonlyMap<string, ResolvedTemplate> =>
  new Map(
    Object.entries(members).map(([accountId, template]) => [
      accountId,
      resolveTemplate(template, {
        accountId,
        region: REGION,
        parameters: { BrokerAccount: ACCOUNT_ID, BrokerRegion: REGION },
      }),
    ]),
  );
