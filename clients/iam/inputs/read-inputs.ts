import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonValueOf } from '../../../policy/check/json-members.ts';
import type { JsonNode } from '../../../policy/parse/json-node.ts';
import type { PolicyType } from '../../../policy/parse/policy-model.ts';
import { scanJson } from '../../../policy/parse/scan-json.ts';
import { PosternError } from '../../sdk/postern-error.ts';
import type { FoundPolicy, Unread } from './named-policy.ts';
import { isPlan, policiesOfPlan } from './policies-of-plan.ts';
import { isTemplate, policiesOfTemplate } from './policies-of-template.ts';
import { statementsIn, typeOfDocument } from './type-of-document.ts';

export const CHECKABLE_TYPES = [
  'identity',
  'boundary',
  'session',
  'scp',
  'rcp',
  'resource',
  'trust',
] as const;

/** Bytes: templates and plans are large, and no more is taken into memory. */
const MOST_BYTES = 50_000_000;

/** Characters of one policy. AWS takes none of a tenth of it, and beyond it checks take minutes. */
const MOST_OF_POLICY = 500_000;

export type Inputs = { readonly found: readonly FoundPolicy[]; readonly unread: readonly Unread[] };

const refused = (detail: string): PosternError => new PosternError({ code: 'invalid_policy', detail });

/** `scp:file` says what a policy is attached as; of a file alone it is seen by its elements. */
function typeAndFile(argument: string): { type?: PolicyType; file: string } {
  const type = CHECKABLE_TYPES.find((name) => argument.startsWith(`${name}:`));
  return type ? { type, file: argument.slice(type.length + 1) } : { file: argument };
}

/**
 * Reads policies from files, folders and standard input (`-`): policies themselves, CloudFormation templates (those
 * of CDK too, in JSON or YAML), and Terraform plans as JSON. What a folder holds besides is passed over; a file that is named and has
 * no policy is said to have none.
 */
export async function readInputs(arguments_: readonly string[]): Promise<Inputs> {
  if (arguments_.filter((name) => typeAndFile(name).file === '-').length > 1)
    throw refused('Standard input can be read once.');
  const all = await Promise.all(arguments_.map(readArgument));
  return { found: all.flatMap(({ found }) => found), unread: all.flatMap(({ unread }) => unread) };
}

async function readArgument(argument: string): Promise<Inputs> {
  const { type, file } = typeAndFile(argument);
  if (file === '-') return policiesIn('standard input', await readStandardInput(), type);
  const about = await stat(file).catch(unreadable(file));
  if (!about.isDirectory()) return policiesIn(file, await readOne(file), type);
  const names = (await readdir(file, { recursive: true, withFileTypes: true }).catch(unreadable(file)))
    .filter(
      (entry) =>
        entry.isFile() &&
        /\.(?:json|ya?ml|template)$/.test(entry.name) &&
        !/node_modules/.test(entry.parentPath),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const all = await Promise.all(names.map(async (name) => inFolder(name, await readOne(name), type)));
  return { found: all.flatMap(({ found }) => found), unread: all.flatMap(({ unread }) => unread) };
}

async function readOne(file: string): Promise<string> {
  const { size } = await stat(file).catch(unreadable(file));
  if (size > MOST_BYTES) throw refused(`${file} has ${size} bytes: no more than ${MOST_BYTES} are read`);
  return await readFile(file, 'utf8').catch(unreadable(file));
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes > MOST_BYTES)
      throw refused(`standard input has more than ${MOST_BYTES} bytes: no more are read`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Why a file or folder cannot be read, in a line that names it; of a folder, what in it could not. */
const unreadable =
  (file: string) =>
  (error: NodeJS.ErrnoException): never => {
    throw refused(`${error.path ?? file} cannot be read: ${error.code ?? 'unreadable'}`);
  };

/** Of a file that nobody named, what is no policy is none of ours. */
async function inFolder(file: string, text: string, type: PolicyType | undefined): Promise<Inputs> {
  const value = await valueIn(file, text);
  if (value === undefined || !(statementsIn(value) || isTemplate(value) || isPlan(value)))
    return { found: [], unread: [] };
  return policiesIn(file, text, type);
}

const isYaml = (file: string): boolean => /\.ya?ml$/.test(file);

/** The value of a text: of JSON; or of a template in YAML, which says so by its name or its first section. */
async function valueIn(file: string, text: string): Promise<unknown> {
  try {
    return JSON.parse(text);
  } catch {
    if (!isYaml(file) && !/^Resources:/m.test(text)) return undefined;
    // Most inputs are JSON: the reader of YAML is loaded when it is needed.
    const { readYamlTemplate } = await import('./read-yaml-template.ts');
    return readYamlTemplate(text);
  }
}

/** The policies of a text. What is nested too deeply to be gone through is refused, and says so. */
async function policiesIn(file: string, text: string, type: PolicyType | undefined): Promise<Inputs> {
  try {
    const inputs = await readPolicies(file, text, type);
    for (const { name, text: own, root } of inputs.found) refuseHuge(name, own ?? '', root);
    return inputs;
  } catch (error) {
    if (error instanceof RangeError) throw refused(`${file} is nested too deeply to be read.`);
    throw error;
  }
}

/** A policy that AWS would never take is not judged: half an hour later the answer would be that it is too long. */
function refuseHuge(name: string, text: string, root: JsonNode | undefined): void {
  if (!root && text.length > MOST_OF_POLICY) {
    const scanned = scanJson(text);
    if (!scanned.ok && scanned.code === 'not-json')
      throw refused(
        `${name} is no JSON at line ${scanned.position.line}, column ${scanned.position.column}: it may have been cut off`,
      );
  }
  const length = root ? JSON.stringify(jsonValueOf(root)).length : text.length;
  if (length > MOST_OF_POLICY)
    throw refused(
      `${name} has ${length} characters: no policy of AWS is that long, and no more than ${MOST_OF_POLICY} are judged`,
    );
}

/** One that is no JSON is a policy to be found wrong, with where. */
async function readPolicies(file: string, text: string, type: PolicyType | undefined): Promise<Inputs> {
  const value = await valueIn(file, text);
  if (value === undefined && isYaml(file)) {
    const { problemOfYaml } = await import('./read-yaml-template.ts');
    throw refused(`${file} ${problemOfYaml(text)}.`);
  }
  if (isPlan(value)) return policiesOfPlan(file, value);
  if (isTemplate(value)) return policiesOfTemplate(file, value);
  const isPolicy = value === undefined || type !== undefined || statementsIn(value) !== undefined;
  // Read anew for its lines and columns, and for keys that stand there twice.
  if (isPolicy || !scanJson(text).ok || hasStatement(value))
    return { found: [{ name: file, file, type: type ?? typeOfDocument(value), text }], unread: [] };
  throw refused(`${file} is no policy, no CloudFormation template and no Terraform plan as JSON.`);
}

const hasStatement = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && ('Statement' in value || 'Version' in value);
