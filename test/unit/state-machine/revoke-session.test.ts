import { readFileSync } from 'node:fs';
import validate from 'asl-validator';
import { expect, test } from 'vitest';

type State = { Type: string; Retry?: { ErrorEquals: string[] }[]; TimeoutSeconds?: number };
const text = readFileSync('statemachines/revoke-session.asl.json', 'utf8');
const definition: { States: Record<string, State>; TimeoutSeconds: number } = JSON.parse(text);
const tasks = Object.entries(definition.States).filter(([, { Type }]) => Type === 'Task');

test('is valid ASL, once its references are filled in', () => {
  const filledIn = text.replace(/\$\{\w+\}/g, 'arn:aws:lambda:eu-central-1:123456789012:function:any');
  const { isValid, errorsText } = validate(JSON.parse(filledIn));
  expect(errorsText('; ')).toBe('');
  expect(isValid).toBe(true);
});

test('each Task state is named after its function, has a timeout, and is tried again whatever fails', () => {
  const named = [...text.matchAll(/\$\{(\w+)FunctionArn\}/g)].map(([, name]) => name);
  expect(tasks.map(([name]) => name)).toEqual(named);
  for (const [, { TimeoutSeconds, Retry }] of tasks) {
    expect(TimeoutSeconds).toBeGreaterThan(0);
    expect(Retry?.map(({ ErrorEquals }) => ErrorEquals)).toEqual([['States.ALL']]);
  }
});

test('it outlives the longest session', () => {
  expect(definition.TimeoutSeconds).toBeGreaterThan(2 * 3600);
});
