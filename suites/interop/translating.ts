/** A NAT stands between two products (RFC 7296 2.23, RFC 3948): both find it, IKE goes on at port 4500, and ESP goes in UDP. */
import { type Account, type Finding, seen } from '../../harness/vocabulary/judging.ts';
import { translation } from '../../harness/vocabulary/translated.ts';
import { RFC3948, RFC7296 } from '../requirements/documents.ts';
import { agreeing, meets } from './agreeing.ts';

export const translating = agreeing({
  name: 'translating',
  title: 'A NAT stands between two products',
  by: ['nat'],
  given: () => ({ translated: true }),
  controls: (t) => [seen('one has another address for the other than for itself', isTranslated(t))],
  reads: () => [meets(RFC7296, '2.23'), meets(RFC3948, '2.1')],
});

function isTranslated(t: Account): Finding | undefined {
  const found = t.ike.messages().find(({ ike }) => ike.carrier.source === translation.outside);
  return found && t.ike.said(found, `IKE comes from ${translation.outside}`);
}
