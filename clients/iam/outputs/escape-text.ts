import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';

/** Characters that mean something to Markdown, to HTML in it, or that call somebody. */
const MARKED = /[&<>"'`*_[\](){}#+!|~\\@:$^-]/g;

/** Text from outside as Markdown that shows just that text: nothing in it is a link, a mention, an image or HTML. */
export const markdownText = (text: string): string =>
  visibleText(text).replace(MARKED, (character) => `&#${character.charCodeAt(0)};`);

/** As a plain text of SARIF, in which `[…](…)` would be a link. */
export const sarifText = (text: string): string => visibleText(text).replace(/[[\]]/g, '\\$&');
