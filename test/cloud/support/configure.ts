import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Catalog = { resources: Record<string, unknown>[] };
type Approvals = { tiers: Record<string, unknown>[] };

/** A folder of the bank's documents, which the repository's own catalog has none of: `documents` is its bucket. */
const documentsIn = (bucket: string) => ({
  key: 'quarterly_statements',
  kind: 's3-prefix',
  arns: [`arn:\${AWS::Partition}:s3:::${bucket}/statements/`],
  purpose: "The bank's quarterly statements, for the supervisory authority",
  sensitivity: 'internal',
  actions: { read: ['s3:GetObject'] },
  maxDurationSeconds: 3600,
});

const GUARDRAIL = `
@id("analysts-read-statements")
permit (principal in Group::"analysts", action in Action::"read", resource == Resource::"quarterly_statements");
`;

type Where = { readonly folder: string; readonly poolId: string; readonly bucket: string };

/**
 * Writes the configuration that is deployed: the repository's, with the account's own user pool, a folder of documents,
 * and a first tier that waits for `tierSeconds` alone, so that an escalation is seen within a test.
 */
export function configure({ folder, poolId, bucket }: Where, tierSeconds: number): void {
  cpSync('config', folder, { recursive: true });
  const edit = <T>(name: string, change: (value: T) => void) => {
    const file = join(folder, name);
    const value = JSON.parse(readFileSync(file, 'utf8')) as T;
    change(value);
    writeFileSync(file, JSON.stringify(value));
  };
  edit<Catalog>('catalog.json', ({ resources }) => {
    for (const resource of resources)
      if (resource.key === 'bank_user_pool')
        resource.arns = [
          `arn:\${AWS::Partition}:cognito-idp:\${AWS::Region}:\${AWS::AccountId}:userpool/${poolId}`,
        ];
    resources.push(documentsIn(bucket));
  });
  edit<Approvals>('approvals.json', ({ tiers: [first] }) => {
    if (!first) return;
    delete first.reminderSeconds;
    first.timeoutSeconds = tierSeconds;
  });
  writeFileSync(
    join(folder, 'guardrails.cedar'),
    readFileSync(join(folder, 'guardrails.cedar'), 'utf8') + GUARDRAIL,
  );
}

/** Sets what `deployment.json` sets. */
export function setDeployment(folder: string, settings: object): void {
  writeFileSync(join(folder, 'deployment.json'), JSON.stringify(settings));
}

/** Changes a word of an entry of the catalog: requests for it that were decided by the other word are not granted any more. */
export function changeCatalog(folder: string, key: string): void {
  const file = join(folder, 'catalog.json');
  const catalog = JSON.parse(readFileSync(file, 'utf8')) as Catalog;
  const entry = catalog.resources.find((resource) => resource.key === key);
  if (!entry) throw new Error(`the catalog has no ${key}`);
  entry.purpose = `${String(entry.purpose)}, as it is kept since this year`;
  writeFileSync(file, JSON.stringify(catalog));
}
