import { makeFrontDoor } from '../front-door/front-door.ts';
import { openFrontDoor } from '../front-door/open-front-door.ts';
import { serveProxyEvents } from '../shared/http/serve-proxy-events.ts';

/** The front door's operations for callers with tokens: a function of its own, so that a flood here starves no claim there. */
export const handler = serveProxyEvents(() => makeFrontDoor(openFrontDoor('tokens')));
