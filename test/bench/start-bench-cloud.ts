import { synthesise } from '../../sandbox/template/synthesise.ts';
import { type Cloud, startCloud } from '../support/start-cloud.ts';
import { UNLIMITED } from './unlimited.ts';

/** The whole broker as tests start it, with the template synthesised here, and without limits. */
export const startBenchCloud = async (
  options: Omit<Parameters<typeof startCloud>[0] & object, 'limits' | 'template'> = {},
): Promise<Cloud> =>
  startCloud({
    ...options,
    template: await synthesise('config'),
    limits: { human: UNLIMITED, agent: UNLIMITED },
  });
