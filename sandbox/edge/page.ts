import { html } from 'hono/html';

type Html = ReturnType<typeof html>;

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid #8884; }
pre { overflow: auto; padding: 1rem; border: 1px solid #8884; border-radius: .5rem; } dt { font-weight: 600; } dd { margin: 0 0 .5rem; }
`;

/** A page of the sandbox. Whatever \`content\` interpolates is escaped by \`html\`. */
export const page = (title: string, content: Html | Promise<Html>) => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title} · Postern sandbox</title>
    <style>
      ${STYLE}
    </style>
  </head>
  <body>
    <main>
      <h1>${title}</h1>
      ${content}
    </main>
  </body>
</html>`;
