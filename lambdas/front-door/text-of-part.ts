import * as z from 'zod';
import { canonicalJson } from '../shared/domain/digest.ts';
import type { IssuersConfig } from '../shared/domain/identity/issuers.ts';
import { newPrincipalSchema } from '../shared/domain/identity/proposed-principal.ts';
import { problemOfSignIn } from '../shared/domain/identity/sign-in/problem-of-sign-in.ts';
import { isOfDirectory } from '../shared/domain/people/directory-principal.ts';
import { problemOfTemplate } from '../shared/domain/people/problem-of-template.ts';
import { templateSchema } from '../shared/domain/people/template.ts';
import { Problem } from '../shared/http/problems.ts';
import { parsePart } from '../shared/http/read-input.ts';
import { MAX_PROPOSAL, type newPartSchema } from './request-bodies.ts';

const proposedSchema = z.object({ proposal: newPrincipalSchema });
const proposedTemplateSchema = z.object({ proposal: templateSchema });

export type ProposedPart = Pick<z.output<typeof newPartSchema>, 'kind' | 'target' | 'proposal'>;

const refused = (message: string) =>
  new Problem('invalid_request', `proposal: ${message}.`, { errors: [{ field: 'proposal', message }] });

/** The exact text that is reviewed, approved and applied. */
export function textOfPart(change: ProposedPart, issuers: IssuersConfig): string {
  const { kind, target, proposal } = change;
  if (kind === 'policy') {
    if (isOfDirectory(target)) throw refused(OF_DIRECTORY);
    if (typeof proposal !== 'string') throw refused('must be a text');
    return proposal;
  }
  if (kind === 'template') return templateTextOf(target, proposal, issuers);
  const entry = typeof proposal === 'string' ? fromJson(proposal) : proposal;
  const principal = parsePart(proposedSchema, { proposal: entry }, 'body').proposal;
  if (isOfDirectory(target) !== (principal.directory !== undefined)) throw refused(OF_DIRECTORY);
  if (principal.id !== target) throw refused('its "id" must be the target');
  const problem = problemOfSignIn(principal, issuers);
  if (problem) throw refused(problem);
  return typeof proposal === 'string' ? proposal : toJson(proposal);
}

const OF_DIRECTORY = 'the directory says what this principal is; here only its status can change';

function templateTextOf(target: string, proposal: string | object, issuers: IssuersConfig): string {
  const entry = typeof proposal === 'string' ? fromJson(proposal) : proposal;
  const template = parsePart(proposedTemplateSchema, { proposal: entry }, 'body').proposal;
  if (template.id !== target) throw refused('its "id" must be the target');
  const problem = problemOfTemplate(template, issuers);
  if (problem) throw refused(problem);
  return typeof proposal === 'string' ? proposal : toJson(proposal);
}

/** An entry as the text that is applied. Canonical JSON has no form for half a surrogate pair. */
function toJson(entry: object): string {
  let text: string;
  try {
    text = canonicalJson(entry);
  } catch {
    throw refused('must be well-formed Unicode');
  }
  if (text.length > MAX_PROPOSAL) throw refused(`must be at most ${MAX_PROPOSAL} characters as JSON`);
  return text;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused('must be a principal as JSON');
  }
}
