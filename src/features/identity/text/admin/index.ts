/** Texts of administration in three languages. */

import { catalogue } from '../../../../platform/text/index.ts';
import az from './az.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };
import ru from './ru.json' with { type: 'json' };

export const adminText = catalogue('identityAdmin', { az, en, ru });
