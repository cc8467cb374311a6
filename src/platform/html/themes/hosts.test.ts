/** Hosts: how THEME_HOSTS is read, and which theme answers which Host header. */

import { describe, expect, it } from 'vitest';
import { hostName, parseThemeHosts, THEME_HOSTS_MAX } from './host-names.ts';
import { loadThemes } from './hosts.ts';

describe('THEME_HOSTS', () => {
  it.each([
    ['', []],
    ['register.az=azerbaijan,ai.example=neutral', [['register.az', 'azerbaijan'], ['ai.example', 'neutral']]],
    [' A.Example.  = neutral , ', [['a.example', 'neutral']]],
    ['localhost=talvoria', [['localhost', 'talvoria']]],
  ])('%j is taken', (text, expected) => {
    const read = parseThemeHosts(text);
    expect(read.ok ? [...read.value] : read.refusal).toEqual(expected);
  });

  it.each([
    ['register.az', 'write host=theme'],
    ['register.az=', 'write host=theme'],
    ['register.az:443=neutral', 'without port'],
    ['*.example=neutral', 'write host=theme'],
    ['a..example=neutral', 'write host=theme'],
    ['-a.example=neutral', 'write host=theme'],
    ['a.example=../secrets', 'write host=theme'],
    ['a.example=x=y', 'write host=theme'],
    ['a.example=neutral,A.example=talvoria', 'twice'],
    [Array.from({ length: THEME_HOSTS_MAX + 1 }, (_, index) => `a${index}.example=neutral`).join(','), 'at most 64'],
  ])('%j is refused with %j', (text, words) => {
    const read = parseThemeHosts(text);
    expect(read.ok ? 'taken' : read.refusal).toContain(words);
  });
});

describe('the theme of a host', () => {
  const hosts = parseThemeHosts('register.example=azerbaijan,open.example=talvoria,also.example=azerbaijan');
  const themes = loadThemes('neutral', hosts.ok ? hosts.value : new Map());

  it.each([
    ['register.example', 'azerbaijan'],
    ['REGISTER.example:8443', 'azerbaijan'],
    ['also.example.', 'azerbaijan'],
    ['open.example', 'talvoria'],
    ['other.example', 'neutral'],
    ['register.example.evil', 'neutral'],
    [undefined, 'neutral'],
    ['', 'neutral'],
  ])('%j is %s', (host, expected) => expect(themes.of(host).id).toBe(expected));

  it('is loaded once', () => expect(themes.all.map((theme) => theme.id)).toEqual(['neutral', 'azerbaijan', 'talvoria']));
  it('that is not there stops the start', () => expect(() => loadThemes('neutral', new Map([['a.example', 'atlantis']]))).toThrow('There is no theme “atlantis”'));
  it.each([['[::1]:80', '[::1]'], ['a.example', 'a.example']])('%s has the name %s', (header, name) => expect(hostName(header)).toBe(name));
});
