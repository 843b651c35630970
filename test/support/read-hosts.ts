import { readFileSync } from 'node:fs';

export type Statement = {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: Readonly<Record<string, string | readonly string[]>>;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
};
export type PolicyDocument = { readonly Version: string; readonly Statement: readonly Statement[] };
type Resource = {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
};
export type HostsTemplate = {
  readonly Parameters: Readonly<Record<string, { readonly AllowedValues?: readonly string[] }>>;
  readonly Resources: Readonly<Record<string, Resource>>;
};

const FOLDER = 'docs/examples/hosts';

/**
 * One of the templates of docs/examples/hosts, with its `Fn::Sub`s filled in by `values`; what has no value keeps its
 * name, as `${BrokerRegion}`.
 */
export function readHosts(name: string, values: Readonly<Record<string, string>> = {}): HostsTemplate {
  const text = readFileSync(`${FOLDER}/${name}.template.json`, 'utf8');
  return JSON.parse(text, (_, value: unknown) => {
    const sub = (value as { 'Fn::Sub'?: unknown } | null)?.['Fn::Sub'];
    if (typeof sub !== 'string') return value;
    return sub.replace(/\$\{([\w:]+)\}/g, (whole, key: string) => values[key] ?? whole);
  }) as HostsTemplate;
}

/** The policies of a template, by the names of their resources: permissions, and who may assume. */
export function policiesIn({ Resources }: HostsTemplate): Record<string, PolicyDocument> {
  const found: Record<string, PolicyDocument> = {};
  for (const [name, { Properties }] of Object.entries(Resources)) {
    const { PolicyDocument: permissions, AssumeRolePolicyDocument: trust } = Properties;
    if (permissions) found[name] = permissions as PolicyDocument;
    if (trust) found[`${name} trust`] = trust as PolicyDocument;
  }
  return found;
}
