/** Texts of jobs: their states, their numbers, and what is said when one is missing. */

import { catalogue } from '../../text/index.ts';
import az from './az.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };
import ru from './ru.json' with { type: 'json' };

export const jobText = catalogue('jobs', { az, en, ru });
