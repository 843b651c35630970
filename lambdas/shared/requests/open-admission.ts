import { readConfigFiles } from '../adapters/config/read-config.ts';
import { requiredEnv } from '../adapters/runtime/environment.ts';
import { makeUsageTable } from '../adapters/tables/usage-table.ts';
import { type Admit, type AdmitPorts, makeAdmit } from './admit.ts';

type Opened = Pick<AdmitPorts, 'requests' | 'clock'> & Pick<Parameters<typeof makeUsageTable>[0], 'client'>;

/** Admission as a function's environment and configuration say it, for functions that open requests. */
export const openAdmission = ({ client, requests, clock }: Opened): Admit =>
  makeAdmit({
    usage: makeUsageTable({ client, tableName: requiredEnv('USAGE_TABLE'), clock }),
    requests,
    limits: () => readConfigFiles().limits,
    clock,
  });
