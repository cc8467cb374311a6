/** Says in a reader's language why a pack is not believed, what to do next included. */

import type { Language } from '../../../base/index.ts';
import type { ManifestRefusal } from '../../../law/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import type { BundleRefusal } from '../model/install.ts';
import { packsText } from '../text/packs/index.ts';
import { readableFingerprint, shortDigest } from './short-digest.ts';

export function manifestRefusalText(refusal: ManifestRefusal, language: Language): string {
  const t = packsText.in(language);
  switch (refusal.code) {
    case 'malformed':
      return t('refusal.malformed', { where: refusal.where });
    case 'unsigned':
      return t(refusal.role === 'publisher' ? 'refusal.unsigned' : 'refusal.unsigned-counsel');
    case 'unknown-key':
      return t('refusal.unknown-key', { role: t(`role.${refusal.role}`), name: refusal.name, fingerprint: readableFingerprint(refusal.fingerprint) });
    case 'key-revoked':
      return t('refusal.key-revoked', { role: t(`role.${refusal.role}`), name: refusal.name, on: formatDate(refusal.on, language) });
    case 'wrong-signature':
      return t('refusal.wrong-signature', { role: t(`role.${refusal.role}`), name: refusal.name });
    case 'not-yet-valid':
      return t('refusal.not-yet-valid', { from: formatDate(refusal.from, language) });
    case 'expired':
      return t('refusal.expired', { until: formatDate(refusal.until, language) });
    case 'engine-too-old':
      return t('refusal.engine-too-old', { needs: refusal.needs, has: refusal.has });
    case 'file-changed':
      return t('refusal.file-changed', { file: refusal.file });
    case 'file-missing':
      return t('refusal.file-missing', { file: refusal.file });
    case 'extra-file':
      return t('refusal.extra-file', { file: refusal.file });
    case 'base-missing':
      return t('refusal.base-missing', { id: refusal.id, version: refusal.version, digest: shortDigest(refusal.digest) });
    case 'base-differs':
      return t('refusal.base-differs', { id: refusal.id, wanted: shortDigest(refusal.wanted), found: shortDigest(refusal.found) });
    case 'downgraded':
      return t('refusal.downgraded', { version: refusal.version, adopted: refusal.adopted });
    case 'version-reused':
      return t('refusal.version-reused', { version: refusal.version });
  }
}

export function bundleRefusalText(refusal: BundleRefusal, language: Language): string {
  return packsText.in(language)(`bundle.${refusal.code}`, { file: refusal.file ?? '', max: refusal.max ?? 0 });
}
