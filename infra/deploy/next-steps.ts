/** The stack's outputs, as CDK writes them: `--outputs-file`. */
export type Outputs = Readonly<Record<string, string>>;

/** What a deployment says when it is done: where things are, and what is left to do by hand. */
export function nextSteps({ ApiUrl = '', ConsoleUrl, ChatUrl }: Outputs, demo: boolean): string[] {
  return [
    `API: ${ApiUrl}`,
    ...(ConsoleUrl ? [`Console: ${ConsoleUrl}`] : []),
    ...(ChatUrl ? [`Support chat: ${ChatUrl}`] : []),
    `Slack request URL, for events, commands and interactivity: ${ApiUrl}slack/events`,
    demo
      ? `Next: npm run bootstrap -- --demo${ConsoleUrl ? ` --console ${ConsoleUrl}` : ''}${ChatUrl ? ` --chat ${ChatUrl}` : ''}, which fills the demo bank; then npm run smoke:aws`
      : 'Next: npm run bootstrap -- principals.json, which writes the first principals; docs/deploy.md says how it reads',
  ];
}
