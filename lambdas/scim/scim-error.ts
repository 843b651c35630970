/** SCIM's own names of what is wrong. @see https://www.rfc-editor.org/rfc/rfc7644#section-3.12 */
export type ScimType =
  | 'invalidFilter'
  | 'invalidPath'
  | 'invalidSyntax'
  | 'invalidValue'
  | 'mutability'
  | 'noTarget'
  | 'tooMany'
  | 'uniqueness';

/** A call that is refused, as SCIM says it. The detail repeats nothing of what was sent. */
export class ScimError extends Error {
  override name = 'ScimError';
  readonly status: 400 | 401 | 404 | 405 | 409 | 412 | 413 | 501 | 503;
  readonly scimType: ScimType | undefined;
  constructor(status: ScimError['status'], detail: string, scimType?: ScimType) {
    super(detail);
    this.status = status;
    this.scimType = scimType;
  }
}

export const ERROR_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** The body of a refusal. */
export const errorBody = (status: number, detail: string, scimType?: ScimType) => ({
  schemas: [ERROR_SCHEMA],
  status: String(status),
  ...(scimType && { scimType }),
  detail,
});
