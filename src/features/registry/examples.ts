/** Named example records, shared by tests, documents and benches. Made up; no real system is meant. */

import type { SystemRecord } from './model.ts';

/** Everything Annex VIII and a public reader ask for. */
export const taxRisk: SystemRecord = {
  name: 'Vergi riskinin qiymətləndirilməsi',
  reference: 'VRQ 2.1',
  summary: 'Vergi bəyannamələrini yoxlama üçün sıralayır.',
  sector: 'taxation',
  organisation: 'Dövlət Vergi Xidməti',
  unit: 'Risklərin təhlili şöbəsi',
  publicContact: 'Vergi xidmətinin qəbul otağı',
  contactEmail: 'risk@example.az',
  providerName: 'Xəzər Analitika',
  providerAddress: 'Bakı, Nizami küçəsi 1',
  purpose: 'Bəyannamələri risk balına görə sıralayır ki, müfəttişlər əvvəlcə hansını yoxlayacaqlarını bilsinlər.',
  outputs: 'Hər bəyannamə üçün 0–100 arası bal.',
  affectedPersons: 'Vergi ödəyiciləri',
  inputs: 'Bəyannamələr, əvvəlki yoxlamaların nəticələri.',
  operatingLogic: 'Qradiyent bustinq; hər ay yenidən öyrədilir.',
  legalBasis: 'Vergi Məcəlləsi',
  legalBasisLinks: [{ title: 'Vergi Məcəlləsi', url: 'https://example.az/vergi-mecellesi' }],
  humanDecisions: 'Yoxlamaya müfəttiş qərar verir; balı görür və səbəbini yazır.',
  complaint: 'Yerli vergi idarəsinə 30 gün ərzində şikayət.',
  explanation: 'Vergi idarəsindən yazılı izah istəmək olar.',
  personalData: 'yes',
  dataSets: [{ name: 'Bəyannamələr', description: 'Son beş il', accessAndStorage: 'Yalnız şöbə, beş il' }],
  risks: [{ name: 'Kiçik sahibkarlara qarşı meyl', mitigation: 'Rüblük yoxlama' }],
  phase: 'in-use',
  marketStatus: 'in-service',
  countries: ['Azərbaycan'],
  startDate: '2024-03',
};

/** As little as a draft may say. */
export const bareDraft: SystemRecord = { name: 'Zəng mərkəzi köməkçisi', organisation: 'Rəqəmsal İnkişaf Agentliyi' };

/** Every field that would be dangerous if a page trusted it. */
export const hostile: SystemRecord = {
  ...taxRisk,
  name: '<script>alert("name")</script>',
  summary: '"><img src=x onerror=alert(1)>',
  purpose: "</title><svg/onload=alert('p')> & <b>bold</b>",
  organisation: '<i>Body</i> & "Sons"',
  outputs: '{{7*7}} ${7*7}',
  complaint: 'javascript:alert(1)',
  keywords: ['<u>one</u>', '=cmd|calc'],
  suppliers: [{ name: '<script>s</script>', role: '<a href="javascript:alert(1)">x</a>' }],
  sourceColumns: [{ name: '<th>', value: '<td onclick=alert(1)>' }],
};

/** Contacts where they do not belong. */
export const withContacts: SystemRecord = {
  ...taxRisk,
  name: 'Sənəd köməkçisi',
  summary: 'Sual: leyla.m@example.az və ya +994 12 555 01 02.',
  purpose: 'Yazın: support (at) example.org; telefon 050-555-01-02. Qərar № 2024-118, 12.05.2024, 1 234 567 bəyannamə.',
  deployers: [{ name: 'Başqa qurum', contact: 'gizli@example.az' }],
  sourceColumns: [{ name: 'contact', value: 'raw@example.az' }],
};
