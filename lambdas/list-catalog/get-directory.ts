import { isAuditor } from '../shared/domain/identity/is-auditor.ts';
import type { PeopleState } from '../shared/domain/people/people-problem.ts';
import type { Template } from '../shared/domain/people/template.ts';
import type { Principal } from '../shared/domain/principal.ts';
import { type Operation, operation } from '../shared/http/operation.ts';
import { Problem } from '../shared/http/problems.ts';
import { directoryViewSchema, getDirectorySpec } from './get-directory-spec.ts';

export type DirectoryPorts = {
  readonly directory: {
    templates(): Promise<Template[]>;
    state(): Promise<PeopleState | undefined>;
  };
  /** Whether the guardrails could ever let this principal change a template. */
  readonly mayProposeTemplates: (principal: Principal) => boolean;
};

export const getDirectory: Operation<DirectoryPorts> = operation({
  ...getDirectorySpec,
  async run({ caller }, { directory, mayProposeTemplates }: DirectoryPorts) {
    if (!isAuditor(caller) && !mayProposeTemplates(caller)) {
      const detail = 'The directory is read by auditors, and by who may propose a template.';
      throw new Problem('auditor_required', detail);
    }
    const [templates, people] = await Promise.all([directory.templates(), directory.state()]);
    return { status: 200, body: directoryViewSchema.parse({ templates, ...(people && { people }) }) };
  },
});
