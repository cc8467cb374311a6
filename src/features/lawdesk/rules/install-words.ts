/** Says in a reader's language why a pack was not kept, and why an act on keys was not done. */

import type { Language } from '../../../base/index.ts';
import type { InstallRefusal } from '../model/install.ts';
import type { KeyRefusal } from '../model/keys.ts';
import { packsText } from '../text/packs/index.ts';
import { bundleRefusalText, manifestRefusalText } from './refusal-words.ts';

export function installRefusalText(refusal: InstallRefusal, language: Language): string {
  switch (refusal.stage) {
    case 'bundle':
      return bundleRefusalText(refusal.bundle, language);
    case 'manifest':
      return manifestRefusalText(refusal.manifest, language);
    case 'law':
      return packsText.in(language)(`law.${refusal.code}`);
  }
}

/** The name of what is wrong, for programs. */
export function installRefusalCode(refusal: InstallRefusal): string {
  return refusal.stage === 'bundle' ? refusal.bundle.code : refusal.stage === 'manifest' ? refusal.manifest.code : refusal.code;
}

export function keyRefusalText(refusal: KeyRefusal, language: Language): string {
  return packsText.in(language)(`key-refusal.${refusal.code}`, { line: 'line' in refusal ? refusal.line : 0, name: 'name' in refusal ? refusal.name : '' });
}
