/** Which browser and system a User-Agent names, roughly: enough for a person to know their own session again. */

const BROWSERS: readonly [pattern: RegExp, name: string][] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bYaBrowser\//, 'Yandex'],
  [/\bFirefox\//, 'Firefox'],
  [/(?:\b|Headless)Chrome\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
  [/\bcurl\//, 'curl'],
];
const SYSTEMS: readonly [pattern: RegExp, name: string][] = [
  [/\bAndroid\b/, 'Android'],
  [/\b(?:iPhone|iPad)\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];
const USER_AGENT_CHARACTERS_MAX = 400;

/** `Firefox, Linux`; undefined when nothing is known. */
export function deviceName(userAgent: string | undefined): string | undefined {
  const text = (userAgent ?? '').slice(0, USER_AGENT_CHARACTERS_MAX);
  const names = [BROWSERS, SYSTEMS].flatMap((list) => list.find(([pattern]) => pattern.test(text))?.[1] ?? []);
  return names.length === 0 ? undefined : names.join(', ');
}
