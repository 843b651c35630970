import * as z from 'zod';
import type { OpenOperation } from '../../shared/http/operation.ts';

export const checkHealth: OpenOperation = {
  id: 'checkHealth',
  method: 'GET',
  path: '/healthz',
  summary: 'Whether the front door answers.',
  signed: false,
  answers: { 200: { description: 'It does.', schema: z.object({ status: z.literal('ok') }) } },
  problems: [],
  answer: () => ({ status: 200, body: { status: 'ok' } }),
};
