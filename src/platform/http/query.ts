/** What the queries of pages have in common. */

import { z } from 'zod';

/** A form sends an untouched filter as an empty text, and a repeated one as a list: the first counts. */
export const emptyAsAbsent = <S extends z.ZodType>(schema: S) => z.preprocess((value) => (value === '' ? undefined : Array.isArray(value) ? value[0] : value), schema.optional());
