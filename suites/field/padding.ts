/**
 * ESP is no longer than its cipher needs: padded to a multiple of its block, and of four octets (RFC 4303 2.4; RFC 4106 3.2 for AES-GCM). The node sends datagrams of sixteen lengths.
 */
import { type Account, type Judgement, post } from '../../harness/vocabulary/judging.ts';
import { establish, keyedHosts, keyings } from '../../harness/vocabulary/keying.ts';
import { espMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { espSuites } from '../../harness/vocabulary/transforms.ts';
import { RFC4106, RFC4303 } from '../requirements/documents.ts';
import { reported } from './reports.ts';

/** Octets: of the block that is filled, and of SPI, sequence number, IV and ICV together. */
const ciphers = {
  'aes-gcm': { suite: espSuites['aes-gcm'], block: 4, around: 8 + 8 + 16 },
  'aes-cbc-sha256': { suite: espSuites['aes-cbc-sha256'], block: 16, around: 8 + 16 + 16 },
  'null-sha256': { suite: espSuites['null-sha256'], block: 4, around: 8 + 16 },
} as const;
type Cipher = keyof typeof ciphers;

const lengths = Array.from({ length: 16 }, (_, place) => 48 + place);
const sending = (octets: number) => `${octets} octets`;

export const padding = scenario({
  name: 'padding',
  title: 'How much ESP is padded',
  dimensions: { cipher: Object.keys(ciphers), keying: keyings },
  given: ({ cipher, keying }) =>
    keyedHosts(keying, 'ipv4', [transportPair('one', 'ipv4', { suite: ciphers[cipher as Cipher].suite })]),
  async play(stage, { keying }) {
    const { tn, nut } = stage;
    await establish(stage, keying, ['one']);
    await tn.echo('before');
    for (const octets of lengths) await nut.udp(sending(octets), { octets });
    await tn.echo('after');
  },
  questions: {
    'FIELD-F14': question('Is ESP padded to what its cipher needs, and no further?', {
      outcomes: ['least', 'more'],
      controls: (t) => [
        post('the SAs carry traffic before', t.answered('before')),
        post('and after', t.answered('after')),
      ],
      judge: (t, { cipher }) => judge(t, ciphers[cipher as Cipher]),
      plays: 'sender',
      reads: ({ cipher }) => [
        reads(RFC4303, '2.4', 'obs', 'sender', { least: pass, more: fail }),
        reads(RFC4106, '3.2', cipher === 'aes-gcm' ? 'SHOULD' : 'obs', 'sender', { least: pass, more: fail }),
      ],
      lawful: 'least',
      reported: [
        reported(
          'Scapy',
          2322,
          'AES-GCM was padded to sixteen octets, so that packets were longer than the path takes',
        ),
      ],
      turnedBy: ({ cipher }) => [
        [espMutants.padsOneBlockMore, 'more'],
        ...(ciphers[cipher as Cipher].block < 16 ? ([[espMutants.padsToSixteen, 'more']] as const) : []),
      ],
    }),
  },
});

/** By the length of each packet; the first that is longer than it need be proves it. */
function judge(t: Account, { block, around }: Omit<(typeof ciphers)[Cipher], 'suite'>): Judgement | undefined {
  const sent = lengths.map((octets) => ({ octets, found: t.probe(sending(octets)) }));
  if (sent.some(({ found }) => !found?.packet.esp)) return undefined;
  const padded = sent.map(({ octets, found }) => {
    const needed = around + block * Math.ceil((octets + UDP_HEADER + ESP_TRAILER) / block);
    return { octets, needed, had: found!.packet.esp!.carrier.payload.length };
  });
  const longer = padded.find(({ needed, had }) => had > needed);
  if (!longer) return t.sentUnder(sending(lengths[0]!), 'esp')?.as('least');
  return t.sentUnder(sending(longer.octets), 'esp')?.as('more');
}

const UDP_HEADER = 8;
const ESP_TRAILER = 2;
