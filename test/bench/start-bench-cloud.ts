import { synthesise } from '../../sandbox/template/synthesise.ts';
import { type Cloud, startCloud } from '../support/start-cloud.ts';
import type { Size } from './figure.ts';
import { UNLIMITED } from './unlimited.ts';

/** The whole broker as tests start it, without limits: of a short figure with the template that all tests share. */
export const startBenchCloud = async (
  size: Size,
  options: Omit<Parameters<typeof startCloud>[0] & object, 'limits' | 'template'> = {},
): Promise<Cloud> =>
  startCloud({
    ...options,
    ...(size === 'whole' && { template: await synthesise('config') }),
    limits: { human: UNLIMITED, agent: UNLIMITED },
  });
