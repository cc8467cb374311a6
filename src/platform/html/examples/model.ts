/** What an example is: a named use of a component, in three languages. Shown on /components and run by the tests. */

import type { VNode } from 'preact';
import type { Language, LocalisedText } from '../../../base/index.ts';

/** Gives the wording of an example in the reader's language. */
export type Say = (az: string, en: string, ru: string) => string;

export interface Example {
  /** Kebab-case, unique within its component; the tests name it. */
  readonly name: string;
  readonly render: (say: Say, language: Language) => VNode;
}

export interface ComponentExamples {
  /** The name in code. */
  readonly component: string;
  readonly purpose: LocalisedText;
  readonly examples: readonly Example[];
}

export function say(language: Language): Say {
  return (az, en, ru) => ({ az, en, ru })[language];
}
