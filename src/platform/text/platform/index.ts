/** Texts of the platform itself: frame, errors, components. */

import { catalogue } from '../index.ts';
import az from './az.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };
import ru from './ru.json' with { type: 'json' };

export const platformText = catalogue('platform', { az, en, ru });
