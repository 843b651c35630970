import { serveProxyEvents } from '../shared/http/serve-proxy-events.ts';
import { makeFrontDoor } from './front-door.ts';
import { openFrontDoor } from './open-front-door.ts';

export const handler = serveProxyEvents(() => makeFrontDoor(openFrontDoor('signed')));
