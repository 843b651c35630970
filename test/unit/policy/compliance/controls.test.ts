import { describe, expect, test } from 'vitest';
import { ACCOUNT_CHECKS } from '../../../../policy/account/account-checks.ts';
import { CHECKS, FORM_CHECKS } from '../../../../policy/check/all-checks.ts';
import { ALL_PATHS } from '../../../../policy/check/escalation/all-paths.ts';
import type { Finding } from '../../../../policy/check/finding.ts';
import { accountNotAsked, answerControls } from '../../../../policy/compliance/answer-controls.ts';
import type { Framework } from '../../../../policy/compliance/framework.ts';
import { FRAMEWORKS } from '../../../../policy/compliance/frameworks.ts';

const framework: Framework = {
  id: 'own',
  name: 'Own',
  controls: [
    { id: '1', title: 'no stars', checks: ['B01', 'B02'] },
    { id: '2', title: 'no escalation', checks: ['P*'] },
    { id: '3', title: 'keys', checks: ['A04', 'B08'] },
  ],
};
const finding = (id: string, severity: Finding['severity'] = 'high'): Finding => ({
  ...{ id, severity, title: 't', why: 'w', remedy: 'r', policy: 'p', path: '', detail: 'd' },
});
const states = (findings: readonly Finding[], notAsked: ReadonlyMap<string, string> = new Map()) =>
  answerControls(framework, { findings, notAsked }).map(({ state }) => state);

describe('a control', () => {
  test('is met where every check was asked and is silent', () => {
    expect(states([])).toEqual(['met', 'met', 'met']);
  });

  test('is not met where one found something, whatever else was not asked', () => {
    const notAsked = accountNotAsked('no account');
    expect(states([finding('B02'), finding('P16'), finding('B08')], notAsked)).toEqual([
      'not met',
      'not met',
      'not met',
    ]);
  });

  test('is not assessable where one was not asked', () => {
    expect(states([], accountNotAsked('no account'))).toEqual(['met', 'met', 'not assessable from this']);
  });

  test('is not spoken against by a note', () => {
    expect(states([finding('B01', 'note')])[0]).toBe('met');
  });
});

test('every framework names checks that there are, and each control once', () => {
  const ids = new Set([...CHECKS, ...FORM_CHECKS, ...ACCOUNT_CHECKS, ...ALL_PATHS].map(({ id }) => id));
  for (const { id, controls } of FRAMEWORKS) {
    expect([id, new Set(controls.map((control) => control.id)).size]).toEqual([id, controls.length]);
    for (const { checks } of controls)
      for (const check of checks) expect(check.endsWith('*') || ids.has(check), `${id} ${check}`).toBe(true);
  }
  expect(FRAMEWORKS.map(({ id }) => id)).toEqual([
    'pci-dss-4.0.1',
    'hipaa',
    'gdpr',
    'cis-aws-5',
    'cis-aws-6',
    'cis-aws-7',
    'soc2',
    'sox',
  ]);
});

test('ids of CIS stand with their version', () => {
  const idOf = (version: number, title: RegExp) =>
    FRAMEWORKS.find(({ id }) => id === `cis-aws-${version}`)?.controls.find((entry) =>
      title.test(entry.title),
    )?.id;
  expect([5, 6, 7].map((version) => idOf(version, /\*:\*/))).toEqual(['1.15', '2.15', '2.14']);
});
