import type { TestProject } from 'vitest/node';
import { synthTemplate } from '../../infra/app.ts';
import type { CfnTemplate } from '../../sandbox/template/types.ts';

/** Synthesising takes some seconds: every test that boots from the template shares one. */
export default function setup(project: TestProject): void {
  project.provide('template', synthTemplate() as CfnTemplate);
}
