/** All examples, sorted by the name of the component. */

import { contentExamples } from './content.tsx';
import { formExamples } from './forms.tsx';
import type { ComponentExamples } from './model.ts';
import { placeExamples } from './places.tsx';

export { type ComponentExamples, type Example, say, type Say } from './model.ts';

export const componentExamples: readonly ComponentExamples[] = [...contentExamples, ...formExamples, ...placeExamples].sort((a, b) => (a.component < b.component ? -1 : 1));
