/** Every bound of IKEv2, reached by a peer: what is told, and that no more is kept or done. Counted, never timed. */
import { expect } from 'chai';
import type { CertificateRecipe, RevocationListRecipe } from '../certificates/recipe.ts';
import type { IkeMessage } from '../wire/ike/message.ts';
import { notifyTypes } from '../wire/ike/notify-types.ts';
import type { Payload } from '../wire/ike/payload-chain.ts';
import type { Proposal } from '../wire/ike/proposal.ts';
import { protocolIds } from '../wire/ike/registry.ts';
import { u32 } from '../wire/octets.ts';
import { ikev2Bounds } from './bounds.ts';
import type { IkeConnection } from './configuration.ts';
import { Conversation, connection, netChild } from './conversation.test-support.ts';
import { floodsOfEapTls } from './eap-tls.test-support.ts';
import { type Flood, floodsOfState, seenOf } from './floods.test-support.ts';
import type { Ikev2Options } from './ikev2.ts';
import type { NegotiatedSa } from './interface.ts';
import { notify } from './payloads.ts';
import { changed, lying, withPayload } from './rule-conversation.test-support.ts';
import { ikev2Rules } from './rules.ts';

const authority: CertificateRecipe = { subject: 'CN=Authority', key: 'ecdsaAuthority', authority: {} };

const floods: readonly Flood[] = [
  ...floodsOfEapTls,
  ...floodsOfState,
  {
    bound: 'payloads',
    story: 'one too many in a protected request: INVALID_SYNTAX, and the IKE SA ends',
    seen: () => seenOf(informed(() => Array(ikev2Bounds.payloads + 1).fill({ type: 'V', data: new Uint8Array() }))),
    lawful: { told: ['payloads'], answer: 'R: HDR, SK {N(INVALID_SYNTAX)}', established: false },
  },
  {
    bound: 'proposals',
    story: 'one too many in a first request: INVALID_SYNTAX, and nothing is kept',
    seen: () =>
      seenOf(
        first(changed('SA', (SA) => ({ ...SA, proposals: Array(ikev2Bounds.proposals + 1).fill(SA.proposals[0]) }))),
      ),
    lawful: { told: ['proposals'], answer: 'R: HDR, N(INVALID_SYNTAX)', established: false },
  },
  {
    bound: 'transforms',
    story: 'five proposals with more transforms than any implementation has',
    seen: () =>
      seenOf(
        first(
          changed('SA', ({ proposals: [one], ...SA }) => ({
            ...SA,
            proposals: Array(5).fill(withTransforms(one!, 250)),
          })),
        ),
      ),
    lawful: { told: ['transforms'], answer: 'R: HDR, N(INVALID_SYNTAX)', established: false },
  },
  {
    bound: 'trafficSelectors',
    story: 'more selectors than their number can say',
    seen: () => {
      const more = (count: number) =>
        changed('TSi', (TSi) => ({ ...TSi, numberOfSelectors: 0, selectors: Array(count).fill(TSi.selectors[0]) }));
      return seenOf(new Conversation(lying('IKE_AUTH', more(ikev2Bounds.trafficSelectors + 1))).initiate());
    },
    lawful: { told: ['trafficSelectors'], answer: 'R: HDR, SK {N(INVALID_SYNTAX)}', established: false },
  },
  {
    bound: 'offeredSelectors',
    story: 'an offer of single addresses: the first of them are granted',
    seen: () => {
      const many = changed('TSi', (TSi) => ({
        ...TSi,
        selectors: Array.from({ length: 200 }, (_, i) => ({
          ...TSi.selectors[0]!,
          startAddress: `10.2.0.${i}`,
          endAddress: `10.2.0.${i}`,
        })),
      }));
      const talk = new Conversation(lying('IKE_AUTH', many)).initiate();
      const [granted] = talk.installed.responder.values() as Iterable<NegotiatedSa>;
      return { told: talk.refusals('responder'), granted: granted?.remote.length };
    },
    lawful: { told: ['offeredSelectors'], granted: ikev2Bounds.offeredSelectors },
  },
  {
    bound: 'deletedSpis',
    story: 'a Delete of more SPIs than there are children',
    seen: () => seenOf(informed(() => [deleted(Array.from({ length: ikev2Bounds.deletedSpis + 1 }, (_, i) => i))])),
    lawful: { told: ['deletedSpis'], answer: 'R: HDR, SK {N(INVALID_SYNTAX)}', established: false },
  },
  {
    bound: 'certificates',
    story: 'a chain with more certificates than are read: the first of them are enough',
    seen: () =>
      certified({
        chain: Array.from({ length: ikev2Bounds.certificates }, (_, i) => ({
          subject: `CN=${i}`,
          key: 'p256Two',
          issuer: authority,
        })),
      }),
    lawful: { told: ['certificates'], established: true },
  },
  {
    bound: 'certificateElements',
    story: 'a certificate of nothing but names beside the one that signs: it is not read',
    seen: () =>
      certified({
        chain: [
          {
            subject: 'CN=x',
            key: 'p256Two',
            issuer: authority,
            altNames: Array.from({ length: 5000 }, (_, i) => ({ dNSName: `${i}` })),
          },
        ],
      }),
    lawful: { told: ['certificateElements'], established: true },
  },
  {
    bound: 'revocationLists',
    story: 'more revocation lists than are read: what the first say is heard',
    seen: () =>
      certified({ revocationLists: Array(ikev2Bounds.revocationLists + 1).fill({ issuer: authority, revoked: [] }) }),
    lawful: { told: ['revocationLists'], established: true },
  },
  {
    bound: 'hashAlgorithms',
    story: 'an announcement of more hash algorithms than there are',
    seen: () => {
      const announced = notify(
        notifyTypes.SIGNATURE_HASH_ALGORITHMS,
        new Uint8Array(2 * ikev2Bounds.hashAlgorithms + 2),
      );
      return seenOf(first((message) => ({ ...message, payloads: [...message.payloads, announced] })));
    },
    lawful: { told: ['hashAlgorithms'], answer: 'R: HDR, N(INVALID_SYNTAX)', established: false },
  },
  {
    bound: 'configurationAttributes',
    story: 'a request for more addresses than one message is looked through for',
    seen: () => {
      const attributes = Array(200).fill({ type: 1, value: new Uint8Array() });
      const asked: Payload = { type: 'CP', configurationType: 1, attributes };
      const pools = [['10.2.0.1', '10.2.0.255']] as const;
      const talk = new Conversation(lying('IKE_AUTH', withPayload(asked)), giving(pools)).initiate();
      return { told: talk.refusals('responder'), established: talk.established };
    },
    lawful: { told: ['configurationAttributes'], established: true },
  },
  {
    bound: 'pooledAddresses',
    story: 'a pool without an end',
    seen: () => {
      const asked: Payload = { type: 'CP', configurationType: 1, attributes: [{ type: 8, value: new Uint8Array() }] };
      const pools = [['2001:db8::1', '2001:db8:ffff::']] as const;
      return new Conversation(lying('IKE_AUTH', withPayload(asked)), giving(pools)).initiate().established;
    },
    lawful: true,
  },
  {
    bound: 'eapExchanges',
    story: 'an authenticator that has always something more to say',
    seen: () => {
      const says = { type: 'EAP', code: 1, eapType: 2, data: new Uint8Array() } as const;
      let identifier = 0;
      const endless = lying(
        'IKE_AUTH',
        changed('EAP', () => {
          identifier += 1;
          return { ...says, identifier };
        }),
      );
      const never = { eapIsOver: () => false, eapResponseProves: () => true } as const;
      const anything = { eapIdentifier: () => true, eapResponseType: () => true } as const;
      const talk = new Conversation(eapSide('initiator'), {
        ...eapSide('responder'),
        rules: { ...ikev2Rules, ...never, ...anything },
        seams: {
          message: (message, context) =>
            context.kind === 'response' ? endless.seams.message!(message, context) : message,
        },
      }).initiate();
      return talk.refusals('initiator');
    },
    lawful: ['eapExchanges'],
  },
];

/** A responder with addresses to give, to whoever. */
function giving(pools: NonNullable<IkeConnection['internalAddresses']>['pools']): Partial<Ikev2Options> {
  const child = { ...netChild.responder, remote: [{ addresses: '0.0.0.0/0' }, { addresses: '::/0' }] };
  return { connections: [connection('responder', { internalAddresses: { pools }, children: [child] })] };
}

/** Somebody with a password, and somebody with a certificate. */
function eapSide(side: 'initiator' | 'responder'): Partial<Ikev2Options> {
  const chain = [{ subject: 'CN=r.example', key: 'p256Two', issuer: authority, altNames: [{ dNSName: 'r.example' }] }];
  const account = { name: 'carol', password: 'Ar3etTnp' };
  const method = 'MD5-Challenge';
  const identity = { type: 'ID_FQDN', value: side === 'initiator' ? 'carol' : 'r.example' } as const;
  const change: Partial<IkeConnection> =
    side === 'initiator'
      ? {
          local: { identity, authentication: { kind: 'eap', method, ...account } },
          remote: { identity: 'any', authentication: 'signature', trustAnchors: [authority] },
        }
      : {
          local: { identity, authentication: { kind: 'certificate', chain, key: 'p256Two' } },
          remote: { identity: 'any', authentication: 'eap', trustAnchors: [], eap: { method, passwords: [account] } },
        };
  return { connections: [connection(side, change)] };
}

describe('bounds of IKEv2', () => {
  for (const { bound, story, seen, lawful } of floods) {
    it(`${bound}: ${story}`, function () {
      this.timeout(30_000);
      expect(seen()).to.deep.equal(lawful);
    });
  }

  it('each is reached by a test', () => {
    expect(floods.map(({ bound }) => bound).sort()).to.deep.equal(Object.keys(ikev2Bounds).sort());
  });

  it('an SPI that a Delete names a thousand times is deleted once, and unknown ones are told once', () => {
    const talk = informed(({ installed }) => {
      const sas = [...installed.initiator.values()];
      const spi = sas.find(({ direction }) => direction === 'in')!.spi;
      return [deleted([...Array(500).fill(spi), ...Array.from({ length: 500 }, (_, i) => i)])];
    });
    expect(talk.childEvents('responder')).to.deep.equal(['net established', 'net closed']);
    expect(talk.refusals('responder')).to.deep.equal(['deletedChild']);
  });

  it('an offer that comes to more selectors than their number can say is granted as far as it can', () => {
    const ports = [
      [0, 9],
      [20, 29],
      [40, 49],
      [60, 69],
      [80, 89],
    ] as const;
    const children = [
      { ...netChild.responder, remote: ports.map((range) => ({ addresses: '10.2.0.0/16', ports: range })) },
    ];
    const many = changed('TSi', (TSi) => ({
      ...TSi,
      selectors: Array.from({ length: ikev2Bounds.offeredSelectors }, (_, i) => ({
        ...TSi.selectors[0]!,
        startAddress: `10.2.0.${i}`,
        endAddress: `10.2.0.${i}`,
      })),
    }));
    const talk = new Conversation(lying('IKE_AUTH', many), { connections: [connection('responder', { children })] });
    const [granted] = talk.initiate().installed.responder.values() as Iterable<NegotiatedSa>;
    expect(granted?.remote).to.have.length(ikev2Bounds.trafficSelectors);
    expect(talk.refusals('responder')).to.deep.equal(['trafficSelectors']);
  });

  it('a response of more than that is not believed', () => {
    const many = (message: IkeMessage): IkeMessage => ({
      ...message,
      payloads: [...message.payloads, ...Array(300).fill({ type: 'V', data: new Uint8Array() })],
    });
    const talk = new Conversation({}, lying('IKE_SA_INIT', many)).initiate();
    expect(talk.refusals('initiator')).to.include('payloads');
    expect(talk.established).to.equal(false);
  });
});

/** A responder that wants a signature, and an initiator that sends more than it must. */
function certified({
  chain = [],
  revocationLists = [],
}: {
  readonly chain?: readonly CertificateRecipe[];
  readonly revocationLists?: readonly RevocationListRecipe[];
}) {
  const signer = { subject: 'CN=i', key: 'p256One', issuer: authority, altNames: [{ dNSName: 'i.example' }] };
  const authentication = { kind: 'certificate', chain: [signer, ...chain], revocationLists, key: 'p256One' } as const;
  const identity = { type: 'ID_FQDN', value: 'i.example' } as const;
  const wants = { identity: 'any', authentication: 'signature', trustAnchors: [authority] } as const;
  const [sends, reads] = [
    connection('initiator', { local: { identity, authentication } }),
    connection('responder', { remote: wants }),
  ];
  const talk = new Conversation({ connections: [sends] }, { connections: [reads] }).initiate();
  return { told: talk.refusals('responder'), established: talk.established };
}

function first(lie: (message: IkeMessage) => IkeMessage): Conversation {
  return new Conversation(lying('IKE_SA_INIT', lie)).initiate();
}

/** An INFORMATIONAL request with these payloads, on an IKE SA that stands. */
function informed(payloads: (talk: Conversation) => readonly Payload[]): Conversation {
  const lie = (message: IkeMessage): IkeMessage => ({ ...message, payloads: payloads(talk) });
  const talk: Conversation = new Conversation(lying('INFORMATIONAL', lie)).initiate();
  return talk.command('initiator', { kind: 'liveness', connection: 'peer' });
}

function deleted(spis: readonly number[]): Payload {
  return { type: 'D', protocolId: protocolIds.ESP, spis: spis.map(u32) };
}

function withTransforms(proposal: Proposal, count: number): Proposal {
  return { ...proposal, transforms: Array(count).fill(proposal.transforms[0]) };
}
