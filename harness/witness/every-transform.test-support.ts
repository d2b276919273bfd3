/**
 * Conversations for the witnesses alone: one for each ESP and IKE transform the reference speaks, in either mode, family and numbering, so
 * that what no suite happens to use is seen by an independent decoder too. They ask no question.
 */
import { type PlannedRun, runOf } from '../run/plan.ts';
import { negotiated } from '../vocabulary/ike-intent.ts';
import { keyedGateways, keyedHosts } from '../vocabulary/keying.ts';
import { transportPair, tunnelPair } from '../vocabulary/pairs.ts';
import { pointsOf, type Scenario, scenario } from '../vocabulary/scenario.ts';
import { type EspSuite, espProposal, ikeProposal } from '../vocabulary/transforms.ts';

const key = (octets: number, filler: number): string => filler.toString(16).padStart(2, '0').repeat(octets);

function suite(encryption: EspSuite['encryption'], octets: number, integrity?: number, integrityOctets = 0): EspSuite {
  return {
    protocol: 'ESP',
    encryption,
    ...(integrity !== undefined && { integrity }),
    keyed: (index) => ({
      encryption: { ...encryption, key: key(octets, 0xa0 + index) },
      ...(integrity !== undefined && { integrity: { id: integrity, key: key(integrityOctets, 0xb0 + index) } }),
    }),
  };
}

const [NULL, TRIPLE_DES, AES_CBC, AES_GCM, AES_GMAC, CHACHA20] = [11, 3, 12, 20, 21, 28];
const [SHA1, SHA256, SHA384, SHA512] = [2, 12, 13, 14];

const suites: Readonly<Record<string, EspSuite>> = {
  'null-sha256': suite({ id: NULL }, 0, SHA256, 32),
  '3des-sha1': suite({ id: TRIPLE_DES }, 24, SHA1, 20),
  'cbc128-sha256': suite({ id: AES_CBC, keyLength: 128 }, 16, SHA256, 32),
  'cbc192-sha384': suite({ id: AES_CBC, keyLength: 192 }, 24, SHA384, 48),
  'cbc256-sha512': suite({ id: AES_CBC, keyLength: 256 }, 32, SHA512, 64),
  gcm128: suite({ id: AES_GCM, keyLength: 128 }, 20),
  gcm192: suite({ id: AES_GCM, keyLength: 192 }, 28),
  gcm256: suite({ id: AES_GCM, keyLength: 256 }, 36),
  gmac128: suite({ id: AES_GMAC, keyLength: 128 }, 20),
  gmac256: suite({ id: AES_GMAC, keyLength: 256 }, 36),
  chacha20: suite({ id: CHACHA20 }, 36),
};

/** Every table of a capture that holds them all can tell them apart. */
const spiOf = (name: string, numbers: string, shape: string): number =>
  0x10000 +
  0x100 * Object.keys(suites).indexOf(name) +
  (numbers === 'extended' ? 0x80 : 0) +
  0x10 * shapes.indexOf(shape);

const shapes = ['transport-4', 'transport-6', 'tunnel-44', 'tunnel-46', 'tunnel-64', 'tunnel-66', 'in-udp'];

const byHand = scenario({
  name: 'every-esp-transform',
  title: 'Echoes under manual SAs',
  dimensions: { suite: Object.keys(suites), numbers: ['short', 'extended'], shape: shapes },
  given: ({ suite: name, numbers, shape }) => {
    const extended = numbers === 'extended';
    const keying = {
      suite: suites[name]!,
      spi: spiOf(name, numbers, shape),
      extendedSequenceNumbers: extended,
      ...(extended && { sequenceNumber: 0xffff_fffen }),
      ...(shape === 'in-udp' && { encapsulation: true }),
    };
    if (shape === 'transport-4') return keyedHosts('manual', 'ipv4', [transportPair('pair', 'ipv4', keying)]);
    if (shape === 'transport-6') return keyedHosts('manual', 'ipv6', [transportPair('pair', 'ipv6', keying)]);
    const inner = shape === 'tunnel-64' || shape === 'tunnel-66' ? 'ipv6' : 'ipv4';
    const outer = shape === 'tunnel-46' || shape === 'tunnel-66' ? 'ipv6' : 'ipv4';
    return keyedGateways('manual', { inner, outer }, [tunnelPair('pair', { inner, outer }, keying)]);
  },
  async play({ tn }) {
    await tn.echo('first');
    await tn.echo('second');
    await tn.echo('third');
  },
  questions: {},
});

const [AUTH_SHA1, AUTH_SHA256, AUTH_SHA384, AUTH_SHA512] = [2, 12, 13, 14];
const [PRF_SHA1, PRF_SHA256, PRF_SHA384, PRF_SHA512] = [2, 5, 6, 7];

const ikeTransforms = {
  '3des-sha1-modp2048': [{ id: TRIPLE_DES }, [AUTH_SHA1], PRF_SHA1, 14],
  'cbc128-sha256-modp3072': [{ id: AES_CBC, keyLength: 128 }, [AUTH_SHA256], PRF_SHA256, 15],
  'cbc192-sha384-p256': [{ id: AES_CBC, keyLength: 192 }, [AUTH_SHA384], PRF_SHA384, 19],
  'cbc256-sha512-p384': [{ id: AES_CBC, keyLength: 256 }, [AUTH_SHA512], PRF_SHA512, 20],
  'gcm128-sha256-x25519': [{ id: AES_GCM, keyLength: 128 }, [], PRF_SHA256, 31],
  'gcm256-sha384-p384': [{ id: AES_GCM, keyLength: 256 }, [], PRF_SHA384, 20],
  'chacha20-sha256-x25519': [{ id: CHACHA20 }, [], PRF_SHA256, 31],
} as const;

const byIke = scenario({
  name: 'every-ike-transform',
  title: 'Echoes through a negotiated SA, before and after rekeying the child and the IKE SA',
  dimensions: {
    transforms: Object.keys(ikeTransforms) as (keyof typeof ikeTransforms)[],
    mode: ['transport', 'tunnel'],
  },
  given: ({ transforms, mode }) => {
    const [encryption, integrity, prf, group] = ikeTransforms[transforms];
    const esp = { ...espProposal, encryption: [encryption], integrity };
    const ike = {
      ...ikeProposal,
      encryption: [encryption],
      integrity,
      pseudorandomFunctions: [prf],
      keyExchangeMethods: [group],
    };
    const intent = negotiated({ mode, child: { proposals: [esp] } });
    const speaking = (node: typeof intent.parties.nut) => ({
      ...node,
      ike: node.ike.map((connection) => ({ ...connection, proposals: [ike] })),
    });
    const { nut, tn } = intent.parties;
    return { ...intent, parties: { nut: speaking(nut), tn: speaking(tn) } };
  },
  async play({ tn }) {
    await tn.initiates('establish');
    await tn.echo('first');
    await tn.rekeysChild('rekey child');
    await tn.echo('second');
    await tn.rekeysIke('rekey IKE SA');
    await tn.closes('close');
  },
  questions: {},
});

export const everyTransform: readonly PlannedRun[] = [...runsOf(byHand), ...runsOf(byIke)];

// biome-ignore lint/suspicious/noExplicitAny: scenarios of every dimension stand side by side.
function runsOf(played: Scenario<any>): PlannedRun[] {
  return pointsOf(played).map((point) => runOf('witness', played, point as Readonly<Record<string, string>>));
}
