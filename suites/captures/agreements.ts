/** What two peers agreed on, as their answers say: ESP without integrity (BELLOVIN 3.1, RFC 8221 4). */
import { captureQuestion, seenAt } from '../../harness/vocabulary/capture-question.ts';
import { fail, pass, reads } from '../../harness/vocabulary/question.ts';
import { BELLOVIN, RFC8221 } from '../requirements/documents.ts';

export const confidentialityAlone = captureQuestion({
  id: 'BELLOVIN-3.1d',
  title: 'Is ESP agreed on that encrypts and does not authenticate?',
  about: 'agreement',
  asks: ({ protocol }) => protocol === 'ESP',
  outcomes: ['with-integrity', 'without'],
  judge: (agreement) => {
    const { encryption, integrity } = agreement.chosen;
    const is = integrity !== undefined || authenticating.has(encryption!.id);
    const says = `encryption ${encryption!.id}, integrity ${integrity ?? 'none'}`;
    return seenAt(is ? 'with-integrity' : 'without', says, agreement);
  },
  plays: 'responder',
  reads: [
    reads(BELLOVIN, '3.1', 'SHOULD NOT', 'responder', { 'with-integrity': pass, without: fail }),
    reads(RFC8221, '4', 'MUST NOT', 'implementation', { 'with-integrity': pass, without: fail }),
  ],
});

/** Numbers of ciphers that authenticate themselves: CCM, GCM, GMAC, ChaCha20 with Poly1305, and CCM and GCM with implicit IVs. */
const authenticating: ReadonlySet<number> = new Set([14, 15, 16, 18, 19, 20, 21, 28, 29, 30, 31]);
