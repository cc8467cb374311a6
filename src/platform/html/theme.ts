/** The theme as other rooms know it; everything about themes is in themes/. */

export type { Theme } from './themes/format.ts';
