import { digestOf } from '../digest.ts';

/**
 * A text as IAM's policies take it where nothing but variables has a meaning, as under `StringEquals`.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
 */
export const literalInPolicy = (text: string): string => text.replaceAll('$', () => '${$}');

/** The same where wildcards have one too: in a resource, and under `StringLike`. */
export const literalInPattern = (text: string): string =>
  text.replaceAll(/[$*?]/g, (character) => `\${${character}}`);

const HASHED = 'sha256:';
/** What STS takes as the value of a session tag. @see https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html */
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u;

/** A subject's id as a session tag: as it is where a tag may hold it, else its digest. Neither passes for the other. */
export const tagOfSubject = (id: string): string =>
  TAG_VALUE.test(id) && !id.startsWith(HASHED) ? id : digestOf(id);

/** One segment of a path: no `/`, which would be another subject's path, and nothing that a reader would resolve. */
const PATH_SEGMENT = /^(?!\.{1,2}$)[\x21-\x2e\x30-\x7e]{1,255}$/;

/** A subject's id as the name of a folder: as it is where that is one segment of a path, else its digest. */
export const folderOfSubject = (id: string): string =>
  PATH_SEGMENT.test(id) && !id.startsWith(HASHED) ? id : digestOf(id);
