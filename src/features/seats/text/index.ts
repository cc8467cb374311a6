/** Texts of the console in three languages; the pages of the server and the program in the browser take the same. */

import { catalogue } from '../../../platform/text/index.ts';
import az from './az.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };
import ru from './ru.json' with { type: 'json' };

export const seatsText = catalogue('seats', { az, en, ru });
