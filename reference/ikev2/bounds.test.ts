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
import { addresses, Conversation, connection, fastEsp, netChild } from './conversation.test-support.ts';
import { floodsOfEapTls } from './eap-tls.test-support.ts';
import type { IkeSa, Surroundings } from './ike-sa.ts';
import { Ikev2, type Ikev2Options } from './ikev2.ts';
import type { Fragment, IkeEffect, NegotiatedSa, Path } from './interface.ts';
import { notify } from './payloads.ts';
import { noRoomForChild, noRoomForIkeSa } from './room.ts';
import { changed, lying, withPayload } from './rule-conversation.test-support.ts';
import { ikev2Rules } from './rules.ts';

interface Flood {
  readonly bound: keyof typeof ikev2Bounds;
  readonly story: string;
  readonly seen: () => unknown;
  readonly lawful: unknown;
}

const authority: CertificateRecipe = { subject: 'CN=Authority', key: 'ecdsaAuthority', authority: {} };

const floods: readonly Flood[] = [
  ...floodsOfEapTls,
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
  {
    bound: 'halfOpenIkeSas',
    story: 'first requests from many addresses, each with its cookie: so many are kept, for as long as one may wait',
    seen: () => {
      const flood = new Responder();
      const told = Array.from({ length: ikev2Bounds.halfOpenIkeSas + 2 }, (_, i) =>
        flood.ask(i, `10.9.${i >> 8}.${i & 255}`),
      );
      const kept = flood.machine.summaries().length;
      flood.machine.step(60_000, { kind: 'timeout' });
      return { told: told.flat(), kept, later: flood.machine.summaries().length };
    },
    lawful: { told: ['halfOpenIkeSas', 'halfOpenIkeSas'], kept: ikev2Bounds.halfOpenIkeSas, later: 0 },
  },
  {
    bound: 'ikeSasOfAddress',
    story: 'first requests from one address: so many are kept, and another address still finds room',
    seen: () => {
      const flood = new Responder();
      const told = Array.from({ length: ikev2Bounds.ikeSasOfAddress + 1 }, (_, i) => flood.ask(i, '10.9.0.1'));
      flood.ask(1000, '10.9.0.2');
      return { told: told.flat(), kept: flood.machine.summaries().length };
    },
    lawful: { told: ['ikeSasOfAddress'], kept: ikev2Bounds.ikeSasOfAddress + 1 },
  },
  {
    bound: 'ikeSas',
    story: 'there is no room for another, wherever it comes from',
    seen: () => noRoomForIkeSa(full({ ikeSas: ikev2Bounds.ikeSas, children: 0 }), addresses.initiator)?.rule,
    lawful: 'ikeSas',
  },
  {
    bound: 'childrenOfIkeSa',
    story: 'one child too many: NO_ADDITIONAL_SAS, and all the others stay',
    seen: () => {
      const talk = new Conversation();
      for (let child = 0; child <= ikev2Bounds.childrenOfIkeSa; child++) talk.initiate();
      const { told, answer, established } = seenOf(talk);
      return { told, answer, established, sas: talk.installed.responder.size };
    },
    lawful: {
      told: ['childrenOfIkeSa'],
      answer: 'R: HDR, SK {N(NO_ADDITIONAL_SAS)}',
      established: true,
      sas: 2 * ikev2Bounds.childrenOfIkeSa,
    },
  },
  {
    bound: 'children',
    story: 'there is no room for another, on whichever IKE SA',
    seen: () => {
      const surroundings = full({ ikeSas: 16, children: ikev2Bounds.children / 16 });
      return noRoomForChild({ children: [], followUps: [], surroundings } as unknown as IkeSa)?.rule;
    },
    lawful: 'children',
  },
  {
    bound: 'fragments',
    story: 'a message that claims more fragments than any has: none is kept',
    seen: () => {
      const { talk, gathering } = inFragments((first) => [{ ...first, totalFragments: ikev2Bounds.fragments + 1 }]);
      return { told: talk.refusals('responder'), gathering };
    },
    lawful: { told: ['fragments'], gathering: undefined },
  },
  {
    bound: 'fragmentOctets',
    story: 'fragments without an end: they are dropped, and the connection with them (RFC 7383 5)',
    seen: () => {
      const content = new Uint8Array(30_000);
      const { talk } = inFragments((first) =>
        [1, 2, 3].map((fragmentNumber) => ({ ...first, fragmentNumber, totalFragments: 9, content })),
      );
      return { told: talk.refusals('responder'), left: talk.machines.responder.summaries().length };
    },
    lawful: { told: ['fragmentOctets'], left: 0 },
  },
  {
    bound: 'tickets',
    story: 'one ticket more than are kept: the oldest is forgotten',
    seen: () => {
      const resumption = (side: 'initiator' | 'responder') => ({ connections: [connection(side, { resumption: {} })] });
      const asksAgain = lying('INFORMATIONAL', withPayload(notify(notifyTypes.TICKET_REQUEST)));
      const talk = new Conversation({ ...resumption('initiator'), ...asksAgain }, resumption('responder')).initiate();
      for (let asked = 0; asked < ikev2Bounds.tickets; asked++)
        talk.command('initiator', { kind: 'liveness', connection: 'peer' });
      return { told: talk.refusals('responder'), answer: talk.transcript.at(-1) };
    },
    lawful: { told: ['tickets'], answer: 'R: HDR, SK {N(TICKET_LT_OPAQUE)}' },
  },
  {
    bound: 'followUps',
    story: 'one agreement more that waits for further keys: the oldest is forgotten',
    seen: () => {
      const child = (side: 'initiator' | 'responder') => ({
        connections: [
          connection(side, {
            children: [
              {
                ...netChild[side],
                proposals: [{ ...fastEsp, keyExchangeMethods: [31], additionalKeyExchanges: [[19]] }],
              },
            ],
          }),
        ],
      });
      const hasty = { rules: { ...ikev2Rules, keyExchangesComplete: () => true } };
      const talk = new Conversation({ ...child('initiator'), ...hasty }, child('responder')).initiate();
      for (let asked = 0; asked <= ikev2Bounds.followUps; asked++) talk.initiate();
      return { told: talk.refusals('responder'), children: talk.installed.responder.size / 2 };
    },
    lawful: { told: ['followUps'], children: 1 },
  },
  {
    bound: 'complaints',
    story: 'packets that do not fit their SA: one is told at a time',
    seen: () => {
      const talk = new Conversation().initiate();
      talk.wire = () => [];
      const [{ spi }] = [...talk.installed.responder.values()].filter(({ direction }) => direction === 'in') as [
        NegotiatedSa,
      ];
      const before = talk.datagrams.length;
      for (let packet = 0; packet < 3; packet++) {
        talk.input('responder', { kind: 'selectors-not-met', spi, packet: new Uint8Array(100) });
      }
      return { told: talk.refusals('responder'), sent: talk.datagrams.length - before };
    },
    lawful: { told: ['complaints', 'complaints'], sent: 1 },
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

/** A tester that wants fragments, and sends its IKE_AUTH request in these. `gathering`: when what waits will be given up. */
function inFragments(lie: (first: Fragment) => readonly Fragment[]) {
  const fragmentation = {};
  const talk = new Conversation(
    {
      connections: [connection('initiator', { fragmentation })],
      seams: { fragments: (set, { exchange }) => (exchange === 'IKE_AUTH' ? lie(set[0]!) : set) },
    },
    { connections: [connection('responder', { fragmentation })] },
  ).initiate();
  const halfOpen = talk.machines.responder.deadline();
  return { talk, gathering: halfOpen === 30_000 ? undefined : halfOpen };
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

/** What the responder refused and answered last. */
function seenOf(talk: Conversation) {
  const answer = talk.transcript.findLast((line) => line.startsWith('R:'));
  return { told: talk.refusals('responder'), answer, established: talk.established };
}

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

/** IKE SAs of as many addresses, with children alike. */
function full({ ikeSas, children }: { ikeSas: number; children: number }): Surroundings {
  const one = (i: number) => ({
    path: { remoteAddress: `10.9.${i >> 8}.${i & 255}` },
    children: Array(children).fill({}),
    followUps: [],
  });
  return { ikeSas: Array.from({ length: ikeSas }, (_, i) => one(i)) } as unknown as Surroundings;
}

/** A responder that takes anybody, and one first request to ask it with again and again. */
class Responder {
  readonly machine: Ikev2;
  readonly #request: Uint8Array;

  constructor() {
    const talk = new Conversation();
    talk.wire = () => [];
    talk.initiate();
    this.#request = talk.datagrams[0]!.octets;
    let drawn = 0;
    this.machine = new Ikev2({
      connections: [connection('responder', { remoteAddresses: ['any'], children: [netChild.responder] })],
      env: { octets: (_purpose, length) => new Uint8Array(length).fill(1 + (drawn++ % 255)).with(0, drawn & 255) },
      settings: { halfOpenThreshold: Number.POSITIVE_INFINITY, provider: 'node' },
    });
  }

  /** With an SPI of its own; what was told. */
  ask(spi: number, remoteAddress: string): string[] {
    const path: Path = { localAddress: addresses.responder, localPort: 500, remoteAddress, remotePort: 500 };
    const octets = this.#request.slice();
    octets.set(u32(spi + 1));
    return toldOf(this.machine.step(0, { kind: 'datagram', path, octets }));
  }
}

function toldOf(effects: readonly IkeEffect[]): string[] {
  return effects.flatMap((effect) =>
    effect.kind === 'event' && effect.event.kind === 'discarded' ? [effect.event.rule] : [],
  );
}
