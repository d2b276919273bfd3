/** What a peer may make a node keep: IKE SAs, children, fragments, tickets and what else waits (`bounds.ts`). For `bounds.test.ts`. */
import { notifyTypes } from '../wire/ike/notify-types.ts';
import { u32 } from '../wire/octets.ts';
import { ikev2Bounds } from './bounds.ts';
import { addresses, Conversation, connection, fastEsp, netChild } from './conversation.test-support.ts';
import type { IkeSa, Surroundings } from './ike-sa.ts';
import { Ikev2 } from './ikev2.ts';
import type { Fragment, IkeEffect, NegotiatedSa, Path } from './interface.ts';
import { notify } from './payloads.ts';
import { noRoomForChild, noRoomForIkeSa } from './room.ts';
import { lying, withPayload } from './rule-conversation.test-support.ts';
import { ikev2Rules } from './rules.ts';

export interface Flood {
  readonly bound: keyof typeof ikev2Bounds;
  readonly story: string;
  readonly seen: () => unknown;
  readonly lawful: unknown;
}

export const floodsOfState: readonly Flood[] = [
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
    bound: 'unprotectedAnswers',
    story: 'packets under SPIs of nobody, from addresses without an IKE SA: as many are told as a second has answers',
    seen: () => {
      const talk = new Conversation();
      for (let packet = 0; packet < ikev2Bounds.unprotectedAnswers + 2; packet++) {
        const remoteAddress = `203.0.113.${packet}`;
        const localAddress = addresses.responder;
        talk.input('responder', { kind: 'unknown-spi', spi: 0x1234, localAddress, remoteAddress });
      }
      return { told: talk.refusals('responder'), sent: talk.datagrams.length };
    },
    lawful: { told: ['unprotectedAnswers', 'unprotectedAnswers'], sent: ikev2Bounds.unprotectedAnswers },
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

/** What the responder refused and answered last. */
export function seenOf(talk: Conversation) {
  const answer = talk.transcript.findLast((line) => line.startsWith('R:'));
  return { told: talk.refusals('responder'), answer, established: talk.established };
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
