/** Texts of the page that checks a decision, apart from the others because the browser carries them along. Arguments are plain `{name}`s. */

import { catalogue } from '../../../../platform/text/index.ts';
import az from './az.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };
import ru from './ru.json' with { type: 'json' };

export const verifyText = catalogue('verify', { az, en, ru });
