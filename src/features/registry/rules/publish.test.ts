/** What the public sees, and what is held back. */

import { describe, expect, it } from 'vitest';
import { ALL_FIELDS } from '../fields.ts';
import { taxRisk, withContacts } from '../examples.ts';
import { HELD_BACK, publicRecord, withoutContacts } from './publish.ts';

describe('withoutContacts', () => {
  const held: readonly string[] = [
    'leyla.m@example.az', 'First.Last+tag@sub.example.co.uk', 'иван@пример.рф', 'support (at) example.org', 'a@b.cd', "o'neil@example.com",
    '+994 12 555 01 02', '+994125550102', '+1 (202) 555-0143', '(012) 555 01 02', '050-555-01-02', '012 555 01 02', '202-555-0143', '+7 495 123-45-67', '202.555.0143',
  ];
  it.each(held)('holds %s back', (contact) => {
    expect(withoutContacts(`Yazın ${contact}, sonra gözləyin`)).toBe(`Yazın ${HELD_BACK}, sonra gözləyin`);
  });
  const kept: readonly string[] = [
    '12.05.2024', '2024-05-12', '2026/1744', 'Art. 6(3)', '1 234 567 bəyannamə', '1,757 systems', 'ISO 42001', '10.1000/182', '0.85', 'EU 2024/1689', '192 bits',
    'https://example.az/vergi-mecellesi?id=1234567', 'Case 2023-00012345', '1757', 'C-634/21', '2019-2023', '12:30', '100 000 000', 'room 0123', '€ 1.234.567,89',
  ];
  it.each(kept)('keeps %s', (text) => {
    expect(withoutContacts(`x ${text} y`)).toBe(`x ${text} y`);
  });
  it('ends on hostile texts: a pattern that backtracks would need minutes', () => {
    for (const text of ['a'.repeat(20_000), '1 '.repeat(10_000), '+1-'.repeat(6_000), 'a@'.repeat(10_000), 'a.'.repeat(10_000) + '@', '('.repeat(20_000), '0 0-'.repeat(5_000)]) {
      expect(withoutContacts(text).length).toBeGreaterThan(0);
    }
  });
});

describe('publicRecord', () => {
  const shown = publicRecord(withContacts);
  it('has no restricted field and no source cell', () => {
    for (const field of ALL_FIELDS) if (field.tier === 'restricted') expect(shown).not.toHaveProperty(field.key);
    expect(shown.sourceColumns).toBeUndefined();
    expect(shown.deployers).toEqual([{ name: 'Başqa qurum' }]);
  });
  it('has no contact in any text, and keeps what only looks like one', () => {
    const text = JSON.stringify(shown);
    expect(text).not.toMatch(/example\.az(?!\/)|example\.org|555/);
    expect(shown.purpose).toContain('Qərar № 2024-118, 12.05.2024, 1 234 567 bəyannamə.');
    expect(shown.purpose).toContain(HELD_BACK);
  });
  it('leaves a record without contacts as it is, but for restricted fields', () => {
    const { contactEmail: _contact, ...rest } = taxRisk;
    expect(publicRecord(taxRisk)).toEqual(rest);
  });
});
