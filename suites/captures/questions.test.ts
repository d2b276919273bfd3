/** Each outcome of each question on captures, from a conversation in which it came to that. */
import { expect } from 'chai';
import type { Observer, ProtectionState } from '../../harness/judge/sightings.ts';
import type { IkeAgreement, PeerClaim } from '../../harness/vocabulary/capture-question.ts';
import {
  childMutants,
  espMutants,
  identityMutants,
  mobileNodeMutants,
  mobilityMutants,
  type NodeMutant,
} from '../../harness/vocabulary/mutants.ts';
import { authenticationMethods, idTypes } from '../../reference/wire/ike/registry.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { catalogue } from '../requirements/catalogue.ts';
import { documents } from '../requirements/documents.ts';
import { addressesOfCertificate } from './claimed-identities.ts';
import {
  casesOfNut,
  datagram,
  ikeMessage,
  judgedAsCapture,
  judgedAsSeen,
  type MadeIke,
  outcomesOf,
  played,
  protection,
} from './kills.test-support.ts';
import { transformsAgreed } from './negotiated-transforms.ts';
import { captureQuestions } from './questions.ts';

/** Of several conversations the outcomes are all named, in alphabetical order. */
type Row = readonly [id: string, asked: string | undefined, outcomes: string, of: string, mutant?: NodeMutant];

const ignoring = identityMutants.ignoresIdentityInCertificate;
const binding = identityMutants.bindsAddressIdentityToTransport;
const bindingCertificates = identityMutants.bindsCertificateToTransport;

const wrongAuthenticator = 'ARKKO-2.3b/registration-wrong-authenticator';
const withoutIndices = 'ARKKO-2.3b/registration-no-nonce-indices';

const rows: readonly Row[] = [
  ['MCDANIEL-SEQ', 'first', 'as-specified', 'MCDANIEL-SEQ/steps-aes-gcm-transport-manual'],
  ['MCDANIEL-SEQ', 'first', 'as-specified', 'MCDANIEL-SEQ/steps-ah-sha256-tunnel-ikev2'],
  ['MCDANIEL-SEQ', 'first', 'other-start', 'MCDANIEL-SEQ/first-aes-gcm-transport-manual', espMutants.neverCounts],
  ['MCDANIEL-SEQ', 'first', 'inconclusive', 'MCDANIEL-SEQ/first-aes-gcm-transport-manual', espMutants.countsByTwo],
  ['MCDANIEL-SEQ', 'steps', 'as-specified', 'MCDANIEL-SEQ/steps-aes-cbc-sha256-tunnel-ikev2'],
  ['MCDANIEL-SEQ', 'steps', 'repeated', 'MCDANIEL-SEQ/steps-aes-cbc-sha256-transport-manual', espMutants.neverCounts],
  ['MCDANIEL-SEQ', 'steps', 'repeated', 'MCDANIEL-SEQ/steps-ah-sha256-transport-manual', espMutants.neverCounts],
  ['MCDANIEL-SEQ', 'steps', 'inconclusive', 'MCDANIEL-SEQ/steps-aes-gcm-transport-manual', espMutants.countsByTwo],
  ['MCDANIEL-SEQ', 'steps', 'as-specified, came-round', 'MCDANIEL-SEQ/end-without-window-manual'],
  ['MCDANIEL-CONF', 'iv', 'fresh', 'MCDANIEL-CONF/iv-aes-cbc-sha256-manual'],
  ['MCDANIEL-CONF', 'iv', 'fresh', 'MCDANIEL-CONF/iv-aes-gcm-ikev2'],
  ['MCDANIEL-CONF', 'iv', 'repeated', 'MCDANIEL-CONF/iv-aes-gcm-manual', espMutants.repeatsIv],
  ['MCDANIEL-CONF', 'iv', 'repeated', 'MCDANIEL-CONF/iv-aes-cbc-sha256-ikev2', espMutants.repeatsIv],
  ['MCDANIEL-CONF', 'iv', 'counted', 'MCDANIEL-CONF/iv-aes-cbc-sha256-manual', espMutants.countsIv],
  ['MCDANIEL-CONF', 'padding', 'default', 'MCDANIEL-CONF/padding-aes-gcm-manual'],
  ['MCDANIEL-CONF', 'padding', 'otherwise', 'MCDANIEL-CONF/padding-aes-gcm-manual', espMutants.padsWithZeros],
  ['BELLOVIN-3.1d', undefined, 'with-integrity', 'BELLOVIN-3.1d/alone'],
  ['BELLOVIN-3.1d', undefined, 'with-integrity, without', 'BELLOVIN-3.1d/alone', childMutants.takesWhatIsOffered],
  ['DUPONT-G1', undefined, 'certified, refused', 'DUPONT-G1/a-other-fqdn-responder'],
  ['DUPONT-G1', undefined, 'certified, refused', 'DUPONT-G1/d-ipv6-address-initiator'],
  ['DUPONT-G1', undefined, 'certified, established', 'DUPONT-G1/a-other-fqdn-responder', ignoring],
  ['DUPONT-G1', undefined, 'certified, established', 'DUPONT-G1/c-other-dn-initiator', ignoring],
  ['DUPONT-H', undefined, 'established, in-use', 'DUPONT-H/h1-certificate-ipv4-responder'],
  ['DUPONT-H', undefined, 'established, in-use', 'DUPONT-H/h2-shared-key-ipv6-initiator'],
  ['DUPONT-H', undefined, 'in-use, refused', 'DUPONT-H/h2-shared-key-ipv4-responder', binding],
  ['DUPONT-H', undefined, 'in-use, refused', 'DUPONT-H/h1-certificate-ipv6-initiator', binding],
  ['DUPONT-I', undefined, 'established, named', 'DUPONT-I/i1-elsewhere-responder'],
  ['DUPONT-I', undefined, 'named, refused', 'DUPONT-I/i1-elsewhere-initiator', bindingCertificates],
  ['ARKKO-2.3b', 'authenticator', 'bound', 'ARKKO-2.3b/away'],
  ['ARKKO-2.3b', 'authenticator', 'bound all the same', wrongAuthenticator, mobilityMutants.believesEveryAuthenticator],
  ['ARKKO-2.3b', 'authenticator', 'refused', withoutIndices, mobilityMutants.asksForNoNonceIndices],
];

/** Of either side: who registers is not who answers. */
const rowsOfBoth: readonly Row[] = [
  ['DUPONT-E1', undefined, 'accepted', 'DUPONT-E1/first-asked-for'],
  ['DUPONT-E1', undefined, 'accepted in clear', 'DUPONT-E2/in-clear'],
  ['DUPONT-E2', undefined, 'inside', 'DUPONT-E2/under-esp'],
  ['DUPONT-E2', undefined, 'in the header alone', 'DUPONT-E2/under-esp', mobileNodeMutants.namesNoCareOfAddress],
  ['MCDANIEL-FLOW', 'both-ways', 'both-ways', 'MCDANIEL-SEQ/steps-ah-sha256-tunnel-ikev2'],
  ['DUPONT-R', undefined, 'found', 'RFC4555-3.5/of-responder'],
  ['DUPONT-R', undefined, 'in place', 'DUPONT-R2/with-k'],
];

type Made = readonly [
  id: string,
  asked: string | undefined,
  outcome: string,
  says: string,
  tells: (observer: Observer) => void,
];

/** One datagram after another: those in clear, and those within an SA. */
const datagrams =
  (
    ports: readonly [number, number],
    ways: readonly ('clear' | 'protected' | 'twin')[],
    other?: Parameters<typeof datagram>[3],
  ) =>
  (observer: Observer): void => {
    for (const [place, way] of ways.entries()) {
      const number = place + 1;
      if (way !== 'protected') observer.packet(datagram(number, ports, undefined, other));
      if (way === 'clear') continue;
      observer.protection(protection(number));
      observer.packet(datagram(number, ports, protection(number), other));
    }
  };

const inside = { destination: '10.0.0.9' };

const protections =
  (...states: readonly ProtectionState[]) =>
  (observer: Observer): void => {
    for (const [place, state] of states.entries()) observer.protection({ ...protection(place + 1), state });
  };

const [home, away, peer] = [
  ['192.0.2.1', 500],
  ['198.51.100.1', 500],
  ['192.0.2.2', 500],
] as const;
const answerTo = (to: MadeIke['to']): MadeIke => ({ from: peer, to, response: true });
const messages =
  (...all: readonly MadeIke[]) =>
  (observer: Observer): void => {
    for (const [place, each] of all.entries()) observer.ike(ikeMessage(place + 1, each));
  };

const made: Made[] = [
  ['MCDANIEL-FLOW', 'beside', 'protected', 'all of it', datagrams([5000, 5001], ['protected', 'protected'])],
  ['MCDANIEL-FLOW', 'beside', 'in-clear', 'one between', datagrams([5000, 5001], ['protected', 'clear', 'protected'])],
  [
    'MCDANIEL-FLOW',
    'beside',
    'protected',
    'in clear before',
    datagrams([5000, 5001], ['clear', 'protected', 'protected']),
  ],
  [
    'MCDANIEL-FLOW',
    'beside',
    'protected',
    'captured twice',
    datagrams([5000, 5001], ['protected', 'twin', 'protected']),
  ],
  ['MCDANIEL-FLOW', 'beside', 'inconclusive', 'one of it', datagrams([5000, 5001], ['protected'])],
  ['AURA-S2', undefined, 'protected', 'questions under an SA', datagrams([5000, 53], ['protected', 'twin'])],
  ['AURA-S2', undefined, 'in-clear', 'a question in clear', datagrams([5000, 53], ['protected', 'clear'])],
];

const tcp = { protocol: protocols.TCP };

made.push(
  ['AURA-FLOW', undefined, 'protected', 'a connection', datagrams([5000, 80], ['protected', 'protected'], tcp)],
  [
    'AURA-FLOW',
    undefined,
    'in-clear',
    'a connection whose first segment was not held',
    datagrams([5000, 80], ['clear', 'protected'], tcp),
  ],
  ['AURA-P3', undefined, 'protected', 'to a private address', datagrams([5000, 80], ['protected', 'twin'], inside)],
  ['AURA-P3', undefined, 'in-clear', 'to a private address', datagrams([5000, 80], ['protected', 'clear'], inside)],
  ['DUPONT-R', undefined, 'in place', 'a request and its answer', messages({ from: home, to: peer }, answerTo(home))],
  [
    'DUPONT-R',
    undefined,
    'found',
    'one that was asked from a new address',
    messages({ from: home, to: peer, messageId: 1 }, { from: away, to: peer }, answerTo(away)),
  ],
  [
    'DUPONT-R',
    undefined,
    'elsewhere',
    'one that was answered to the address before',
    messages({ from: home, to: peer, messageId: 1 }, { from: away, to: peer }, answerTo(home)),
  ],
  [
    'DUPONT-R',
    undefined,
    'elsewhere',
    'one that was answered to another port',
    messages({ from: ['192.0.2.1', 4711], to: peer }, answerTo(home)),
  ],
  ['DUPONT-R', undefined, 'inconclusive', 'answers without requests', messages(answerTo(home))],
  ['BELLOVIN-3.1a', 'icv', 'intact', 'an SA', protections('opened', 'opened')],
  ['BELLOVIN-3.1a', 'icv', 'altered', 'an SA with a packet that fails', protections('opened', 'bad-icv')],
  ['BELLOVIN-3.1a', 'icv', 'inconclusive', 'an SA none of whose packets verifies', protections('bad-icv', 'bad-icv')],
  ['BELLOVIN-3.1a', 'icv', 'inconclusive', 'an SA without key', protections('no-key', 'no-key')],
);

/** What is chosen beside it is nothing to the question. */
const chosenRows: readonly (readonly [
  id: string,
  outcome: string,
  protocol: IkeAgreement['protocol'],
  chosen: Chosen,
])[] = [
  ['RFC8247-2.1', 'in-use', 'IKE', { encryption: { id: 20, keyLength: 256 } }],
  ['RFC8247-2.1', 'forbidden', 'IKE', { encryption: { id: 2 } }],
  ['RFC8247-2.2', 'in-use', 'IKE', { prf: 5 }],
  ['RFC8247-2.2', 'forbidden', 'IKE', { prf: 1 }],
  ['RFC8247-2.3', 'in-use', 'IKE', { integrity: 12 }],
  ['RFC8247-2.3', 'forbidden', 'IKE', { integrity: 1 }],
  ['RFC8247-2.4', 'in-use', 'IKE', { group: 14 }],
  ['RFC8247-2.4', 'discouraged', 'IKE', { group: 2 }],
  ['RFC8247-2.4', 'forbidden', 'IKE', { group: 22 }],
  ['RFC8221-5', 'in-use', 'ESP', { encryption: { id: 12, keyLength: 128 } }],
  ['RFC8221-5', 'discouraged', 'ESP', { encryption: { id: 3 } }],
  ['RFC8221-5', 'forbidden', 'ESP', { encryption: { id: 7 } }],
  ['RFC8221-6', 'in-use', 'AH', { integrity: 12 }],
  ['RFC8221-6', 'forbidden', 'ESP', { integrity: 3 }],
];
type Chosen = Partial<IkeAgreement['chosen']>;

const elsewhere: PeerClaim = {
  number: 3,
  time: 0.1,
  initiatorSPI: '0000000000000001',
  verifier: 'responder',
  verifiedAt: '192.0.2.1',
  source: '192.0.2.2',
  isTranslated: false,
  identity: 'mobile.example',
  idType: idTypes.ID_FQDN,
  method: authenticationMethods['Digital Signature'],
  certificate: { names: true, addresses: ['203.0.113.77'], digest: '' },
  believed: { certificate: false, source: false },
};

describe('the questions on captures', function () {
  this.timeout(60_000);

  for (const [id, asked, outcomes, of, mutant] of rows)
    it(`${id}${asked === undefined ? '' : ` ${asked}`} comes to ${outcomes}: ${of}${mutant ? `, ${mutant.name}` : ''}`, async () => {
      const cases = casesOfNut(await played(of, mutant));
      expect(outcomesOf(cases, id, asked).join(', ')).to.equal(outcomes);
    });

  for (const [id, asked, outcomes, of, mutant] of rowsOfBoth)
    it(`${id} comes to ${outcomes}: ${of}${mutant ? `, ${mutant.name}` : ''}`, async () => {
      expect(outcomesOf(judgedAsCapture(await played(of, mutant)), id, asked).join(', ')).to.equal(outcomes);
    });

  describe('asked of what goes by', () => {
    for (const [id, asked, outcome, says, tells] of made)
      it(`${id}${asked === undefined ? '' : ` ${asked}`} comes to ${outcome}: ${says}`, () => {
        expect(outcomesOf(judgedAsSeen(tells), id, asked)).to.deep.equal([outcome]);
      });
  });

  describe('asked of what was chosen', () => {
    for (const [id, outcome, protocol, chosen] of chosenRows)
      it(`${id} comes to ${outcome}: ${protocol} with ${JSON.stringify(chosen)}`, () => {
        const [question] = transformsAgreed.filter((each) => each.id === id);
        const ends = { initiator: '192.0.2.1', responder: '192.0.2.2' };
        const plain = { number: 1, protocolId: 1, spi: new Uint8Array() };
        const of = { number: 2, time: 0.1, initiatorSPI: '01', protocol, chosen: { ...plain, ...chosen }, ...ends };
        expect(question!.asks(of)).to.equal(true);
        expect(question!.asks({ ...of, chosen: plain })).to.equal(false);
        expect(question!.judge(of)).to.include({ outcome });
      });
  });

  it('DUPONT-I comes to no-child where the peer is believed and its child is closed', () => {
    const { judge } = addressesOfCertificate;
    const verdict = { is: 'no-child', says: 'the responder says TS_UNACCEPTABLE', number: 4, time: 0.2 } as const;
    expect(judge({ ...elsewhere, verdict }).outcome).to.equal('no-child');
    expect(judge(elsewhere).code).to.equal('I-TIME');
    expect(judge({ ...elsewhere, verdict: { ...verdict, is: 'refused' } }).code).to.equal('I-PRE');
  });

  it('have each of their outcomes shown', () => {
    const shown = new Set(
      [...rows, ...rowsOfBoth, ...made].flatMap(([id, asked, outcomes]) =>
        outcomes.split(', ').map((outcome) => [id, asked, outcome].join(' ')),
      ),
    ).add('DUPONT-I  no-child');
    for (const [id, outcome] of chosenRows) shown.add(`${id}  ${outcome}`);
    const declared = captureQuestions.flatMap(({ id, asked, outcomes }) =>
      outcomes.map((outcome) => [id, asked, outcome].join(' ')),
    );
    expect(declared.filter((each) => !shown.has(each))).to.deep.equal([]);
  });

  it('are of entries of the catalogue, and the document of the entry reads each', async () => {
    const known = new Set(documents.map(({ id }) => id));
    const cases = await Promise.all([...new Set(rows.map(([, , , of]) => of))].map((of) => played(of)));
    for (const { id, readings } of cases.flatMap(casesOfNut)) {
      const entry = catalogue.find((each) => each.id === id);
      expect(
        readings.map(({ document }) => document),
        id,
      ).to.include(entry?.document);
      for (const { document, section } of readings) {
        expect(known, id).to.include(document);
        expect(section, id).not.to.equal('');
      }
    }
  });
});
