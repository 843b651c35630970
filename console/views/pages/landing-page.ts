import { html } from 'hono/html';
import { type Frame, pageOf } from '../parts/page-of.ts';
import type { Html } from '../parts/pieces.ts';

export const placesOf = (places: readonly (readonly [name: string, place: string])[]): Html =>
  places.length === 0
    ? ''
    : html`<h2>Where things are</h2>
        <dl class="facts">${places.map(([name, place]) => html`<dt>${name}</dt><dd><code>${place}</code></dd>`)}</dl>`;

/** The first page of somebody who is not signed in. */
export const landingPage = (frame: Frame, places: readonly (readonly [name: string, place: string])[]) =>
  pageOf(frame, {
    title: 'Access for one job, and no longer',
    place: 'Home',
    content: html`<p class="lead">Say what you have to do. The broker chooses what it takes, asks people where it must, and opens a door just as wide as the job, for minutes.</p>
      <p><a class="button first" href="/sign-in">Sign in</a></p>
      ${placesOf(places)}`,
  });
