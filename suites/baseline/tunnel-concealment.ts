/**
 * What a tunnel conceals (MCDANIEL "transforms"): outside stand the two tunnelling devices alone (RFC 4301 5.1.2.1). Who speaks with whom inside is hidden by ESP, and
 * to be read under AH, which hides nothing.
 */
import { type Account, finding, type Judgement, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyedGateways, keyings, protect } from '../../harness/vocabulary/keying.ts';
import { policyMutants } from '../../harness/vocabulary/mutants.ts';
import { entryOf, tunnelPair } from '../../harness/vocabulary/pairs.ts';
import { inner, nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { ahSuites, espSuites } from '../../harness/vocabulary/transforms.ts';
import { addressOctets } from '../../reference/wire/address.ts';
import { hex } from '../../reference/wire/octets.ts';
import { MCDANIEL, RFC4301 } from '../requirements/documents.ts';

const suites = { esp: espSuites['aes-cbc-sha256'], ah: ahSuites['ah-sha256'] } as const;
const families = { inner: 'ipv4', outer: 'ipv6' } as const;

export const tunnelConcealment = scenario({
  name: 'tunnel-concealment',
  title: 'Who is to be seen outside a tunnel',
  dimensions: { protocol: ['esp', 'ah'], keying: keyings },
  given: ({ protocol, keying }) => {
    const pair = tunnelPair('tunnel', families, { suite: suites[protocol] });
    const open = { ...entryOf(pair), name: 'open', action: 'BYPASS' } as const;
    return keyedGateways(keying, families, [pair], { policy: [protect(pair), open] });
  },
  async play(stage, { keying }) {
    const { tn, nut } = stage;
    const ends = { from: places.home.ipv6, to: nutAddresses.ipv6 };
    await tn.pingInClear('path', ends);
    await establish(stage, keying, ['tunnel']);
    await nut.udp('stimulus');
    await tn.pingInClear('life', ends);
  },
  questions: {
    'MCDANIEL-TUNNEL': question('What of the two who speak inside can be seen outside?', {
      outcomes: ['concealed', 'readable', 'in-clear'],
      controls: (t) => [
        pre('the gateway is reached on the link', t.answered('path')),
        post('and still is', t.answered('life')),
      ],
      judge,
      plays: 'sender',
      reads: ({ protocol }) => [
        reads(MCDANIEL, 'transforms', 'obs', 'sender', {
          concealed: pass,
          readable: protocol === 'ah' ? observed('AH hides nothing of the inner packet') : fail,
          'in-clear': fail,
        }),
        reads(RFC4301, '5.1.2.1', 'MUST', 'sender', { concealed: pass, readable: pass, 'in-clear': fail }),
      ],
      lawful: ({ protocol }) => (protocol === 'esp' ? 'concealed' : 'readable'),
      turnedBy: [[policyMutants.lastEntryDecides, 'in-clear']],
    }),
  },
});

/** By the outermost header of the frame, and by whether the octets of an inner address stand anywhere in it. */
function judge(t: Account): Judgement | undefined {
  const sent = t.probe('stimulus');
  if (!sent) return undefined;
  const { source, destination } = sent.packet.esp?.carrier ?? sent.packet.packet;
  const octets = hex(sent.frame.entry.octets);
  const isRead = [inner.nut, inner.tn].some((each) => octets.includes(hex(addressOctets(each[families.inner]))));
  const isOutside = source === nutAddresses.ipv6 && destination === places.home.ipv6;
  const says = `from ${source} to ${destination} outside, ${isRead ? 'with' : 'without'} an inner address in its octets`;
  return finding(says, t.evidenceOf(sent, says)).as(!isOutside ? 'in-clear' : isRead ? 'readable' : 'concealed');
}
