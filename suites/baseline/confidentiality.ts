/**
 * Confidentiality (MCDANIEL introduction): what is said under ESP is nowhere to be read, and what its cipher needs besides is as the RFCs have it: an IV that
 * comes no second time, in CBC one that nobody could have foreseen (RFC 3602 3), and the default padding (RFC 4303 2.4).
 */
import { type Account, finding, type Judgement, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyedHosts, protect } from '../../harness/vocabulary/keying.ts';
import { espMutants, policyMutants } from '../../harness/vocabulary/mutants.ts';
import { entryOf, transportPair } from '../../harness/vocabulary/pairs.ts';
import { fail, pass, question, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { espSuites } from '../../harness/vocabulary/transforms.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { hex } from '../../reference/wire/octets.ts';
import { MCDANIEL, RFC3602, RFC4106, RFC4301, RFC4303 } from '../requirements/documents.ts';

/** Octets of the IV that follows SPI and sequence number. */
const ciphers = {
  'aes-cbc-sha256': { suite: espSuites['aes-cbc-sha256'], iv: 16, says: RFC3602, section: '3' },
  'aes-gcm': { suite: espSuites['aes-gcm'], iv: 8, says: RFC4106, section: '3.1' },
} as const;
type CipherName = keyof typeof ciphers;

const secrets = Array.from({ length: 12 }, (_, place) => `secret ${place}`);
type Outcome = 'hidden' | 'readable' | 'fresh' | 'counted' | 'repeated' | 'default' | 'otherwise';

export const confidentiality = scenario({
  name: 'confidentiality',
  title: 'What can be read of what is sent under ESP',
  dimensions: {
    looked: ['plaintext', 'iv', 'padding'],
    cipher: Object.keys(ciphers) as CipherName[],
    keying: ['manual', 'ikev2'],
  },
  given: ({ cipher, keying }) => {
    const pair = transportPair('pair', 'ipv4', { suite: ciphers[cipher].suite, selector: { protocol: protocols.UDP } });
    const open = { ...entryOf(transportPair('open', 'ipv4')), action: 'BYPASS' } as const;
    return keyedHosts(keying, 'ipv4', [pair], { policy: [protect(pair), open] });
  },
  async play(stage, { keying }) {
    const { tn, nut } = stage;
    await establish(stage, keying, ['pair']);
    await tn.echo('before');
    for (const [place, secret] of secrets.entries()) await nut.udp(secret, { octets: 40 + place });
    await tn.echo('after');
  },
  questions: {
    'MCDANIEL-CONF': question('Is what is sent under ESP hidden, as its cipher needs it?', {
      outcomes: ['hidden', 'readable', 'fresh', 'counted', 'repeated', 'default', 'otherwise'],
      controls: (t, { looked }) => [
        pre('the node is reached by what policy bypasses', t.answered('before')),
        ...(looked === 'plaintext' ? [] : [pre('the datagrams leave under ESP', t.sentUnder(secrets[0]!, 'esp'))]),
        post('and still is', t.answered('after')),
      ],
      judge: (t, { looked, cipher }) => {
        if (looked === 'plaintext') return judgePlaintext(t);
        return looked === 'iv' ? judgeIvs(t, ciphers[cipher as CipherName].iv) : judgePadding(t);
      },
      plays: 'sender',
      reads: ({ looked, cipher }) => {
        const { says, section } = ciphers[cipher as CipherName];
        const of = { ...hiding, fresh: pass, counted: fail, repeated: fail, default: pass, otherwise: fail };
        return [
          reads(MCDANIEL, 'introduction', 'obs', 'sender', of),
          looked === 'plaintext'
            ? reads(RFC4301, '4.4.1', 'MUST', 'sender', of)
            : looked === 'iv'
              ? reads(says, section, 'MUST', 'sender', of)
              : reads(RFC4303, '2.4', 'MUST', 'sender', of),
        ];
      },
      lawful: ({ looked }) => lawful[looked as keyof typeof lawful],
      turnedBy: ({ looked, cipher }): readonly Turn<Outcome>[] => {
        if (looked === 'plaintext') return [[policyMutants.lastEntryDecides, 'readable']];
        if (looked === 'padding') return [[espMutants.padsWithZeros, 'otherwise']];
        const counts = [espMutants.countsIv, 'counted'] as const;
        return [[espMutants.repeatsIv, 'repeated'], ...(cipher === 'aes-gcm' ? [] : [counts])];
      },
    }),
  },
});

const hiding = { hidden: pass, readable: fail } as const;
const lawful = { plaintext: 'hidden', iv: 'fresh', padding: 'default' } as const;

/** Whether the octets of a datagram stand in the frame that carried it. */
function judgePlaintext(t: Account): Judgement | undefined {
  const sent = secrets.flatMap((secret) => t.probe(secret) ?? []);
  if (sent.length < secrets.length) return undefined;
  const shown = sent.find(({ frame, packet }) =>
    hex(frame.entry.octets).includes(hex(packet.packet.payload.subarray(8))),
  );
  const [found, says] = shown
    ? [shown, 'the frame has its octets']
    : [sent[0]!, 'no frame has the octets that it carries'];
  return finding(says, t.evidenceOf(found, says)).as(shown ? 'readable' : 'hidden');
}

/** RFC 3602 3 forbids counters and whatever else changes a few bits only; RFC 4106 3.1 would even have one. */
function judgeIvs(t: Account, octets: number): Judgement | undefined {
  const sent = opened(t);
  const ivs = sent.map(({ header }) => BigInt(`0x${hex(header.carrier.payload.subarray(8, 8 + octets))}`));
  if (ivs.length < secrets.length) return undefined;
  const near = ivs.slice(1).find((iv, place) => bitsIn(iv ^ ivs[place]!) < fewBits);
  const [outcome, says] =
    new Set(ivs).size < ivs.length
      ? (['repeated', 'an IV comes a second time'] as const)
      : near !== undefined && octets === BLOCK
        ? (['counted', `fewer than ${fewBits} bits differ from the IV before`] as const)
        : (['fresh', `${ivs.length} IVs, each another`] as const);
  return finding(says, ...sent.map((each) => t.evidenceOf(each, 'its IV'))).as(outcome);
}

/** What the node sent, and nobody else has changed. */
const opened = (t: Account) => t.espHeaders('nut').filter(({ header }) => header.state === 'opened');

const bitsIn = (number: bigint): number => number.toString(2).replaceAll('0', '').length;

/** Of 128: chance comes below it less than once in 10^14 times. */
const fewBits = 20;
const BLOCK = 16;

/** Of the plaintext: padding, its length, Next Header. */
function judgePadding(t: Account): Judgement | undefined {
  const sent = opened(t);
  const paddings = sent.map(({ frame }) => paddingOf(frame.buffers[0]!.octets));
  if (paddings.every((padding) => padding.length === 0)) return undefined;
  const other = paddings.findIndex((padding) => padding.some((octet, place) => octet !== place + 1));
  const says = other < 0 ? 'padding is 1, 2, 3 and so on' : `padding is ${paddings[other]!.join(', ')}`;
  return finding(says, t.evidenceOf(sent[Math.max(other, 0)]!, says)).as(other < 0 ? 'default' : 'otherwise');
}

function paddingOf(plaintext: Uint8Array): readonly number[] {
  const end = plaintext.length - 2;
  return [...plaintext.subarray(end - plaintext[end]!, end)];
}
