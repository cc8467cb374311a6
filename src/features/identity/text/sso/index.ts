/** Texts of single sign-on and SCIM in three languages. */

import { catalogue } from '../../../../platform/text/index.ts';
import az from './az.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };
import ru from './ru.json' with { type: 'json' };

export const ssoText = catalogue('identitySso', { az, en, ru });
export type SsoTextKey = keyof typeof en;
