import { synthTemplate } from '../../infra/app.ts';

/** Runs as a process of its own (see synthesise.ts), and sends the template to the one that started it. */
process.send?.(synthTemplate(), () => process.disconnect());
