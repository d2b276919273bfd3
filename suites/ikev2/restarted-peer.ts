/** A peer has lost everything and begins anew (RFC 7296 section 2.4): that it says INITIAL_CONTACT ends what it has forgotten. */
import { negotiated, peering } from '../../harness/vocabulary/ike-intent.ts';
import { both, pre, seen } from '../../harness/vocabulary/judging.ts';
import { messageLifeMutants } from '../../harness/vocabulary/mutants.ts';
import { observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { RFC7296 } from '../requirements/documents.ts';

export const restartedPeer = scenario({
  name: 'restarted-peer',
  title: 'A peer has lost its IKE SAs, and begins anew',
  dimensions: { says: ['initial-contact'] },
  given: () => negotiated({ mode: 'tunnel' }),
  async play({ tn, nut }) {
    await tn.initiates('agree');
    await tn.echo('before');
    await nut.reports('report before', { until: ({ ikeSas }) => ikeSas.length === 1 });
    await tn.presents(peering.connection);
    await tn.initiates('again');
    await tn.echo('after');
    await nut.reports('report', { until: ({ ikeSas }) => ikeSas.length === 1 });
  },
  questions: {
    'RFC7296-2.4': question('Does INITIAL_CONTACT end what the peer has forgotten?', {
      outcomes: ['ended', 'kept'],
      controls: (t) => [
        pre('the tunnel works before', t.established('agree', 'before')),
        seen('the peer says it', t.ike.heard(CONTACT, { by: 'tn', after: 'again' })),
        pre('the tunnel works again', t.established('again', 'after')),
      ],
      judge: (t) => {
        const one = t.reported('report', 'ikeSas', 'one IKE SA', ({ ikeSas }) => ikeSas.length === 1);
        const more = t.reported('report', 'ikeSas', 'the older one is there', ({ ikeSas }) => ikeSas.length > 1);
        return both(one, t.answered('after'))?.as('ended') ?? more?.as('kept');
      },
      plays: 'responder',
      reads: [
        reads(RFC7296, '2.4', 'MAY', 'responder', {
          ended: pass,
          kept: observed('what the peer has forgotten stays until it is found dead'),
        }),
      ],
      lawful: 'ended',
      turnedBy: [[messageLifeMutants.keepsWhatIsForgotten, 'kept']],
    }),
  },
});

const CONTACT = 'HDR, SK {IDi, [CERT+,] [CERTREQ,] [IDr,] AUTH, SA, TSi, TSr, N(INITIAL_CONTACT)}';
