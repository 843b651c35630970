import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** What a figure was measured on. A load above the number of cores says that others were at work there too. */
export const machine = () => ({
  node: process.version,
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memoryGb: Math.round(totalmem() / 1024 ** 3),
  loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10,
});
export type Machine = ReturnType<typeof machine>;
