import { parentPort } from 'node:worker_threads';

const { synthTemplate } = await import(new URL('../../infra/app.ts', import.meta.url).href);
parentPort?.postMessage(JSON.stringify(synthTemplate()));
