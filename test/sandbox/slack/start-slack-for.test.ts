import { expect, test } from 'vitest';
import { createLogSink } from '../../../sandbox/functions/log-sink.ts';
import { startSlackFor } from '../../../sandbox/slack/start-slack-for.ts';

test.each([{ SLACK_BOT_TOKEN: 'xoxb-1' }, { SLACK_APP_TOKEN: 'xapp-1' }])(
  'one token without the other is told as what the operator has to mend: %o',
  async (env) => {
    const starting = startSlackFor({ env, configDir: 'config', logs: createLogSink() }, () => '');
    await expect(starting).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining('SLACK_BOT_TOKEN and SLACK_APP_TOKEN'),
    });
  },
);
