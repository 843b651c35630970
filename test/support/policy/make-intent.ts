import type { Intent, WantedAccess } from '../../../policy/generate/intent.ts';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-central-1';
export const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

/** An access to be wanted: `s3 object reports: GetObject ListBucket`, or without a kind and a name `ec2: DescribeRegions`. */
export function access(text: string): WantedAccess {
  const [head = '', names = ''] = text.split(/: (?=[A-Z])/);
  const [service = '', type, name] = head.split(' ');
  return {
    service,
    ...(type !== undefined && { type }),
    ...(name !== undefined && { name }),
    actions: names.split(' ').map((action) => `${service}:${action}`),
    words: text,
  };
}

/** An intent with every answer that most need. */
export const intent = (texts: readonly string[], answers: Record<string, string> = {}): Intent => ({
  accesses: texts.map(access),
  answers: { account: ACCOUNT, region: REGION, assumedBy: 'none', ...answers },
});
