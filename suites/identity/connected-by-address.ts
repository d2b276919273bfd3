/**
 * The shell experiment (AURA appendix A): somebody looks a name up by hand and connects to the address, so that the system under test has never heard the name. At the
 * address answers pc-c, which the same authority vouches for. It is AURA-P1b/1-own-name with nothing to compare but the address.
 */
import {
  addressIdentity,
  certificateOf,
  fqdn,
  labAuthority,
  signedWith,
} from '../../harness/vocabulary/credentials.ts';
import { anyoneOfTheAuthority, negotiated, only, peering } from '../../harness/vocabulary/ike-intent.ts';
import { type Account, both, cause, type Judgement, post } from '../../harness/vocabulary/judging.ts';
import { childName } from '../../harness/vocabulary/keying.ts';
import { identityMutants, padMutants } from '../../harness/vocabulary/mutants.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { AURA, RFC4301 } from '../requirements/documents.ts';

const pcC = fqdn('pc-c.example.org');
const certificateOfC = certificateOf({ commonName: 'pc-c', altNames: [{ dNSName: pcC.value }], key: 'p256Three' });
const policies = {
  any: anyoneOfTheAuthority,
  'pinned-by-address': only(addressIdentity(places.home.ipv4), labAuthority),
};

export const connectedByAddress = scenario({
  name: 'connected-by-address',
  title: 'A connection to an address, where another host of the same authority answers',
  dimensions: { policy: ['any', 'pinned-by-address'] },
  given: ({ policy }) =>
    negotiated({
      nut: { expects: policies[policy] },
      tn: { identity: pcC, credential: signedWith(certificateOfC) },
      child: { start: 'trap' },
      testerChild: { start: 'none' },
    }),
  async play({ tn, nut, lab }) {
    const elsewhere = { from: places.home.ipv6, to: nutAddresses.ipv6 };
    await tn.pingInClear('path', elsewhere);
    await nut.syn('first', { awaited: false });
    await lab.shows((t) => (t.ike.settled('first') ?? t.ike.refusedByTested('first')) !== undefined);
    await tn.asksForLife('alive', childName(peering.child), { unlessRefused: 'first' });
    await nut.syn('connects', { unlessRefused: 'first' });
    await tn.pingInClear('life', elsewhere);
  },
  questions: {
    'AURA-APPX-A': question('Does a connection by address go to whoever answers there?', {
      outcomes: ['connected', 'refused', 'in-clear'],
      controls: (t) => [
        cause(
          'the connection sets off IKE',
          t.ike.heard('HDR, SK {IDi, [CERT,] [CERTREQ,] [IDr,] AUTH, SAi2, TSi, TSr}'),
        ),
        post('the node is still reached', t.answered('life')),
      ],
      judge,
      plays: ['initiator', 'receiver', 'sender'],
      reads: ({ policy }) => [
        reads(
          AURA,
          'appendix A',
          'obs',
          'initiator',
          policy === 'any'
            ? {
                connected: observed('connected: nothing had a name to compare'),
                refused: observed('resisted'),
                'in-clear': fail,
              }
            : { connected: fail, refused: pass, 'in-clear': fail },
        ),
        policy === 'any'
          ? reads(RFC4301, '4.4.3.2', 'MAY', 'implementation', { connected: pass, refused: pass, 'in-clear': pass })
          : reads(RFC4301, '4.4.3.4', 'MUST', 'receiver', { connected: fail, refused: pass, 'in-clear': pass }),
        reads(RFC4301, '5.1 3b', 'MUST', 'sender', { connected: pass, refused: pass, 'in-clear': fail }),
      ],
      lawful: ({ policy }) => (policy === 'any' ? 'connected' : 'refused'),
      turnedBy: ({ policy }): readonly Turn<'connected' | 'refused'>[] => [
        policy === 'any'
          ? [identityMutants.demandsCertifiedAddress, 'refused']
          : [padMutants.takesAnyPeer, 'connected'],
      ],
    }),
  },
});

function judge(t: Account): Judgement | undefined {
  const leaked = t.sentUnder('first', 'clear') ?? t.sentUnder('connects', 'clear');
  if (leaked) return leaked.as('in-clear');
  const connected = both(t.ike.childAgreed('first'), t.sentUnder('connects', 'esp') ?? t.sentUnder('first', 'esp'));
  return connected?.as('connected') ?? (t.ike.refused('first', 'nut') ?? t.ike.givenUp('first', 'nut'))?.as('refused');
}
