/** Island `seat-console`: runs the seat of a council member in this page. What a server could not know, the keys, never leaves it. */
/// <reference lib="dom" />

import { render } from 'preact';
import { isLanguage } from '../../../../base/index.ts';
import type { CouncilFacts } from '../../model.ts';
import { App } from '../console/app.tsx';
import { ConsoleStore } from '../console/store.ts';

const place = document.querySelector<HTMLElement>('#seat-console');
if (place !== null) {
  const { lang } = document.documentElement;
  const store = new ConsoleStore(JSON.parse(place.dataset['facts'] ?? '{}') as CouncilFacts);
  place.replaceChildren();
  render(<App store={store} language={isLanguage(lang) ? lang : 'en'} />, place);
  store.begin();
}
