/** Texts of the page that explains the interface for programs. */

import { catalogue } from '../../text/index.ts';
import az from './az.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };
import ru from './ru.json' with { type: 'json' };

export const apiText = catalogue('api', { az, en, ru });
