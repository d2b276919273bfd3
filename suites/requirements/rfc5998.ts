/** What RFC 5998 asks of peers that do with EAP alone. */
import type { CatalogueEntry } from './catalogue-entry.ts';

const entry = (section: string, title: string, role: string): CatalogueEntry => ({
  id: `RFC5998-${section}`,
  document: 'RFC5998',
  title,
  section: section.split('-')[0]!,
  level: 'MUST',
  role,
});

export const rfc5998: readonly CatalogueEntry[] = [
  entry('3', 'methods of EAP that stand alone', 'initiator'),
  entry('3-SIGNED', 'a responder that signs though EAP alone was wanted', 'initiator'),
  entry('3-ASKED', 'EAP alone is asked for, by a method that is not fit for it', 'responder'),
];
