import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { demoPrincipals } from '../../../demo/principals.ts';
import { findConfigProblems } from '../../../infra/find-config-problems.ts';
import { inOneLine } from '../../../lambdas/shared/domain/config-check/finding.ts';
import type { Principal } from '../../../lambdas/shared/domain/principal.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

const people = demoPrincipals('https://issuer.example', '123456789012').map(({ principal }) => principal);

/** What is said of the repository's configuration with one file changed. */
function said(
  file: string,
  edit: (text: string) => string,
  principals: readonly Principal[] = people,
): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'postern-problems-'));
  folders.push(folder);
  cpSync('config', folder, { recursive: true });
  const before = readFileSync(join(folder, file), 'utf8');
  writeFileSync(join(folder, file), edit(before));
  return findConfigProblems(folder, principals).map(inOneLine);
}
const asItIs = (text: string) => text;
const lineIn = (file: string, words: string) =>
  readFileSync(join('config', file), 'utf8').split(words)[0]?.split('\n').length;
const END = readFileSync('config/guardrails.cedar', 'utf8').split('\n').length;
const also = (rule: string) => (text: string) => `${text}${rule}\n`;

test("the demo's configuration has no error, and no doubt", () => {
  expect(said('catalog.json', asItIs)).toEqual([]);
  expect(said('catalog.json', asItIs, [])).not.toEqual([]);
});

describe('each problem names its file, its line and what to write', () => {
  test.each([
    [
      'an entry that IAM knows better of',
      'catalog.json',
      (text: string) => text.replace('"dynamodb:Scan"', '"dynamodb:Scna"'),
      `error: catalog.json:${lineIn('catalog.json', '"bank_operational_metrics"')}: bank_operational_metrics: dynamodb:Scna is no action of AWS; did you mean dynamodb:Scan?`,
    ],
    [
      'a group that nobody is in',
      'guardrails.cedar',
      also('@id("typo") forbid (principal in Group::"analyst", action, resource);'),
      `warning: guardrails.cedar:${END}: typo: Group::"analyst" has nobody in it; did you mean analysts?`,
    ],
    [
      'a rota that no source may speak of',
      'approvals.json',
      (text: string) =>
        text.replace('"approverGroup": "security"', '"approverGroup": "security", "onCall": "payments"'),
      `warning: approvals.json:${lineIn('approvals.json', '"security-oncall"')}: tier "security-oncall": no source in facts.json may say who is on call for payments, so security is always asked`,
    ],
    [
      'a rota that no source may speak of, where nobody else votes',
      'approvals.json',
      (text: string) => text.replace('"approverGroup": "security"', '"onCall": "payments"'),
      `error: approvals.json:${lineIn('approvals.json', '"security-oncall"')}: tier "security-oncall": no source in facts.json may say who is on call for payments, so nobody ever votes there`,
    ],
    [
      'a principal that is nobody',
      'guardrails.cedar',
      also('@id("typo") forbid (principal == Principal::"analyst2", action, resource);'),
      `warning: guardrails.cedar:${END}: typo: Principal::"analyst2" is nobody; did you mean analyst1?`,
    ],
    [
      'a tier whose group nobody is in',
      'approvals.json',
      (text: string) => text.replace('"approverGroup": "security"', '"approverGroup": "secureity"'),
      'tier "security-oncall": nobody is in its approver group "secureity"; did you mean security?; put 1 person into it, or name another',
    ],
    [
      'a reminder after the timeout',
      'approvals.json',
      (text: string) => text.replace('"reminderSeconds": 600', '"reminderSeconds": 900'),
      'tiers.0.reminderSeconds: the tier ends after 900 seconds, so it could not be reminded after 900; write fewer, or leave it out',
    ],
    [
      'an entry that nobody could have',
      'guardrails.cedar',
      (text: string) =>
        text.replace('Resource::"bank_operational_metrics"', 'Resource::"bank_customer_profiles"'),
      `warning: catalog.json:${lineIn('catalog.json', '"bank_operational_metrics"')}: bank_operational_metrics: no guardrail lets anybody have any of it; write a permit for it, or take the entry out`,
    ],
    [
      'a principal that could have nothing',
      'guardrails.cedar',
      (text: string) => text.replace('Group::"employees"', 'Group::"analysts"'),
      'warning: guardrails.cedar: no guardrail permits employee1 anything (it is in employees); write a permit for it or for a group of it',
    ],
    [
      'limits of nothing',
      'limits.json',
      (text: string) => text.replace('"openRequests": 20', '"openRequests": 0'),
      'error: limits.json:3: human.openRequests: ',
    ],
  ])('%s', (_, file, edit, words) => {
    expect(said(file, edit).join('\n')).toContain(words);
  });
});

/** The demo's people, but for who approves. */
const approvedBy = (groupsOf: Record<string, string[]>) =>
  people.map((person) => ({
    ...person,
    groups:
      groupsOf[person.id] ?? person.groups.filter((group) => group !== 'approvers' && group !== 'security'),
  }));
const doubtOf = (tier: string, words: string) =>
  `warning: approvals.json:${lineIn('approvals.json', `"${tier}"`)}: tier "${tier}": ${words}, and guardrails ask for 2 approvals; put more people into it`;

test('a tier can count on the votes of the tiers before it, and not on those of the tiers after it', () => {
  const oneEach = approvedBy({ approver1: ['approvers'], approver2: ['security'] });
  expect(said('catalog.json', asItIs, oneEach)).toEqual([
    doubtOf('access-approvers', '"approvers" has 1 person'),
  ]);
});

test('a person of two tiers is one person', () => {
  const oneInBoth = approvedBy({ approver2: ['approvers', 'security'] }).filter(
    ({ id }) => id !== 'approver1',
  );
  expect(said('catalog.json', asItIs, oneInBoth)).toEqual([
    doubtOf('access-approvers', '"approvers" has 1 person').replace('warning', 'error'),
    doubtOf('security-oncall', '"security" has 1 person').replace('warning', 'error'),
  ]);
});

test('a tier of owners alone counts on nobody else', () => {
  const ownersLast = (text: string) =>
    text.replace('"approverGroup": "security"', '"approverGroup": "security", "ownersOnly": true');
  expect(said('approvals.json', ownersLast)).toEqual([doubtOf('security-oncall', '"security" has 1 person')]);
});

test('where no tier could approve what takes approval, that is an error', () => {
  const nobody = people.filter(({ groups }) => !groups.includes('approvers'));
  const errors = said('catalog.json', asItIs, nobody).filter((line) => line.startsWith('error: '));
  expect(errors.map((line) => line.split(':')[1]?.trim())).toEqual(['approvals.json', 'approvals.json']);
});

test('what does not depend on who there is is found without anybody', () => {
  expect(findConfigProblems('config')).toEqual([]);
});
