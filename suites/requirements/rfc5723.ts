/** What RFC 5723 asks of peers that resume a session. */
import type { CatalogueEntry } from './catalogue-entry.ts';

const entry = (section: string, title: string, level: string, role: string): CatalogueEntry => ({
  id: `RFC5723-${section}`,
  document: 'RFC5723',
  title,
  section: section.split('-')[0]!,
  level,
  role,
});

export const rfc5723: readonly CatalogueEntry[] = [
  entry('4.3', 'an interrupted session is resumed', 'MUST', 'implementation'),
  entry('4.3.2-REJECTED', 'a ticket that is forged, or was used', 'MUST', 'implementation'),
  entry('4.3.2-UNKNOWN', 'IKE_SESSION_RESUME where nobody resumes', 'obs', 'responder'),
  entry('4.3.4', 'what was resumed goes without a word', 'SHOULD', 'responder'),
];
