import { readConfigFiles } from '../../lambdas/shared/adapters/config/read-config.ts';
import { allow } from './allow.ts';
import type { Grant } from './grant.ts';

/** Pages the people of a tier by the topics that `approvals.json` names; none is named, none is granted. */
export function pagePeople(): Grant {
  const topics = readConfigFiles().approvals.tiers.flatMap(({ notifyTopicArn }) => notifyTopicArn ?? []);
  return { statements: topics.length > 0 ? [allow(['sns:Publish'], ...topics)] : [], variables: {} };
}
