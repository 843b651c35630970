import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../../policy/check/finding.ts';
import { answerControls, isOf } from '../../../../policy/compliance/answer-controls.ts';
import type { Framework } from '../../../../policy/compliance/framework.ts';
import { FRAMEWORKS } from '../../../../policy/compliance/frameworks.ts';
import { accountNotAsked, CHECK_IDS, policiesNotAsked } from '../../../../policy/compliance/not-asked.ts';

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
    const notAsked = new Map(accountNotAsked('no account'));
    expect(states([finding('B02'), finding('P16'), finding('B08')], notAsked)).toEqual([
      'not met',
      'not met',
      'not met',
    ]);
  });

  test('is not assessable where one was not asked', () => {
    expect(states([], new Map(accountNotAsked('no account')))).toEqual([
      'met',
      'met',
      'not assessable from this',
    ]);
  });

  test('is not spoken against by a note', () => {
    expect(states([finding('B01', 'note')])[0]).toBe('met');
  });
});

describe('a check that was not asked', () => {
  const looked = { types: new Set(['identity'] as const), isWhole: true, given: new Set<never>() };
  const notAsked = (more: object = {}) => new Map(policiesNotAsked({ ...looked, ...more }));

  test('is one of policies of which there was none', () => {
    expect([...notAsked().keys()].filter((id) => /^[BGP]/.test(id))).toEqual([]);
    expect(notAsked().get('T02')).toBe('no policy of the type trust was looked at');
    expect(notAsked({ types: new Set(['trust']) }).get('P38')).toMatch('identity');
    expect(notAsked({ types: new Set(['trust']) }).has('T02')).toBe(false);
    expect(notAsked({ types: new Set() }).get('G01')).toBe('no policy was looked at');
  });

  test('is one for which something was not given', () => {
    expect(notAsked().get('S05')).toBe('no managed policies were given');
    expect(notAsked({ given: new Set(['managed']) }).has('S05')).toBe(false);
  });

  test('is every one where something could not be read, but those of its form', () => {
    const all = notAsked({ isWhole: false });
    expect(all.has('B01')).toBe(true);
    expect(all.has('G01')).toBe(false);
  });

  test('leaves a control open also where a star means it', () => {
    const answer = (types: readonly ('identity' | 'trust')[]) =>
      states([], notAsked({ types: new Set(types) }))[1];
    expect(answer(['trust'])).toBe('not assessable from this');
    expect(answer(['identity'])).toBe('met');
  });
});

test('every framework names checks that there are, and each control once', () => {
  for (const { id, controls } of FRAMEWORKS) {
    expect([id, new Set(controls.map((control) => control.id)).size]).toEqual([id, controls.length]);
    for (const { checks } of controls)
      for (const check of checks)
        expect(
          [...CHECK_IDS].some((known) => isOf(check, known)),
          `${id} ${check}`,
        ).toBe(true);
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
