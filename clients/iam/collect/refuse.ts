import { PosternError } from '../../sdk/postern-error.ts';

/** A file or an option that is not as it should be, in a line that says where. */
export const refused = (detail: string): PosternError => new PosternError({ code: 'invalid_policy', detail });
