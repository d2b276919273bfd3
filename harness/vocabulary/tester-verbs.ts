/** What the verbs of a tester do. */
import { echoOf } from '../../reference/wire/echo.ts';
import { ipPacket } from '../../reference/wire/ip/packet.ts';
import { u32 } from '../../reference/wire/octets.ts';
import type { OrderedCommand } from '../capture/transcript.ts';
import type { FoundMessage, OpenedIke } from '../judge/opened-frame.ts';
import type { OctetTamper } from '../lab/node.ts';
import type { TestingNode } from '../peers/testing-node.ts';
import type { Acting } from './acting.ts';
import { counterpartOf } from './cast.ts';
import type { Ensemble } from './ensemble.ts';
import type { Orders } from './orders.ts';
import { ikePacket, tooBigPacket } from './packets.ts';
import type { MobilityByHand, Tester } from './verbs.ts';

export function testerVerbs(me: string, node: TestingNode, ensemble: Ensemble, orders: Orders, acting: Acting): Tester {
  return {
    ...probes(me, node, ensemble, orders, acting),
    ...places(me, node, ensemble),
    ...exchanges(me, orders, acting),
  };
}

function probes(
  me: string,
  node: TestingNode,
  { lab, scenario }: Ensemble,
  orders: Orders,
  acting: Acting,
): Pick<
  Tester,
  | 'echo'
  | 'pingInClear'
  | 'udp'
  | 'syn'
  | 'esp'
  | 'sends'
  | 'hears'
  | 'answers'
  | 'packet'
  | 'tellsTooBig'
  | 'claims'
  | 'repeatsRequest'
> {
  const counterpart = counterpartOf(me, scenario.cast);
  const hasSa = (name: string) => node.state().sad.some(({ child }) => child === name);
  return {
    echo: (name, options = {}) => {
      const order = orders.echo(me, name, options);
      const wait = acting.answered(name, options);
      return options.untilAnswered ? acting.insists(me, name, order, wait) : acting.does(me, name, order, wait);
    },
    pingInClear: (name, options = {}) =>
      acting.does(me, name, orders.echo(me, name, options, true), acting.answered(name, options)),
    udp: (name, options = {}) => acting.does(me, name, orders.udp(me, name, options, options.inClear)),
    syn: (name, options = {}) =>
      acting.does(me, name, orders.syn(me, options, options.inClear), acting.answered(name, options)),
    esp: async (name, { awaited, unlessRefused: _refused, setsOffIke: _setsOff, ...order } = {}) => {
      // What a negotiation did not bring about carries nothing: the mark alone says so.
      if (orders.isNegotiated(me, order.under) && !hasSa(orders.securityAssociation(me, order.under))) {
        lab.mark(name, me);
        return;
      }
      const carriesEcho = (order.carries ?? 'echo') === 'echo';
      const wait = acting.answered(name, { awaited: awaited ?? carriesEcho });
      await acting.does(me, name, orders.esp(me, name, order), wait);
    },
    sends: (name, { awaited, unlessRefused: _refused, setsOffIke: _setsOff, ...order }) => {
      const wait = acting.answeredMobility(name, {
        awaited: awaited ?? hasAnswer(order.message),
        ...(isTest(order.message) && { heardBy: node }),
      });
      return acting.does(me, name, orders.mobility(me, order), wait);
    },
    hears: async (name, message, { of = counterpart, within, ...rest } = {}) => {
      lab.mark(name, me, { kind: 'hears', message, of, ...rest });
      const wait = acting.heard(name, within);
      await lab.until(wait.until, wait);
    },
    answers: async (name, moment, answer) => {
      const heard = acting.account.heardAt(moment);
      const made = heard && answer(heard);
      if (!made) lab.mark(name, me);
      else if (made instanceof Uint8Array) {
        const wait = acting.answered(name, { awaited: asksForEcho(made) });
        await acting.does(me, name, { kind: 'packet', octets: made }, wait);
      } else await acting.does(me, name, orders.mobility(me, made));
    },
    tellsTooBig: async (name, moment, { from, mtu, quotes, spi }) => {
      const carrier = acting.account.answer(moment)?.packet.esp?.carrier;
      if (!carrier) {
        lab.mark(name, me);
        return;
      }
      const quoted = ipPacket.encode(carrier);
      const espAt = carrier.version === 4 ? 4 * (carrier.headerLength ?? 5) : IPV6_HEADER;
      if (spi !== undefined) quoted.set(u32(spi), espAt);
      const octets = tooBigPacket({ from, to: carrier.source }, mtu, quoted.subarray(0, quotes));
      await acting.does(me, name, { kind: 'packet', octets });
    },
    repeatsRequest: async (name, moment, change) => {
      const made = acting.account.ike.messages(moment).find(isRequestOf(me));
      if (!made) lab.mark(name, me);
      else await acting.does(me, name, changedMessage(made.ike, change));
    },
    claims: (name, address) => acting.claims(me, name, address, address),
    packet: (name, octets, { tamper, awaited = false } = {}) =>
      acting.does(
        me,
        name,
        { kind: 'packet', octets, ...(tamper && { tamper }) },
        acting.answeredOrRefused(name, { awaited }),
      ),
  };
}

/** Changed inside the packet that carried it. */
function changedMessage(made: OpenedIke, change: OctetTamper | undefined): Extract<OrderedCommand, { kind: 'packet' }> {
  const octets = ikePacket(made);
  return { kind: 'packet', octets, ...(change && { tamper: { ...change, apply: () => ikePacket(made, change) } }) };
}

const isRequestOf =
  (me: string) =>
  ({ frame, ike }: FoundMessage): boolean =>
    frame.entry.from === me && !ike.message.header.flags.response;

/** Octets. */
const IPV6_HEADER = 40;

/** What a packet made by hand may be answered by. */
function asksForEcho(octets: Uint8Array): boolean {
  return echoOf(ipPacket.decode(octets).value)?.kind === 'request';
}

/** Tests are answered always, updates when they ask for it, home registrations whether they ask for it or not (RFC 6275 10.3.1). */
function hasAnswer(message: MobilityByHand['message']): boolean {
  if (message instanceof Uint8Array) return false;
  if (message.kind === 'bindingUpdate') return message.acknowledge === true || message.homeRegistration === true;
  return isTest(message);
}

/** What is answered by a token, which the tester is to know before it goes on. */
function isTest(message: MobilityByHand['message']): boolean {
  return !(message instanceof Uint8Array) && (message.kind === 'homeTestInit' || message.kind === 'careOfTestInit');
}

function places(
  me: string,
  node: TestingNode,
  { lab, intent }: Ensemble,
): Pick<Tester, 'movesTo' | 'letsPass' | 'presents'> {
  return {
    letsPass: async (name, seconds) => {
      lab.mark(name, me);
      await lab.until(() => false, { within: 1000 * seconds });
    },
    movesTo: async (place) => node.movesTo(place),
    presents: async (connection) => {
      const told = intent.parties[me]!;
      lab.mark(`presents ${connection}`, me);
      node.configure({ ...told, ike: told.ike.filter((each) => each.name === connection) });
    },
  };
}

function exchanges(
  me: string,
  orders: Orders,
  acting: Acting,
): Pick<Tester, 'initiates' | 'asksForLife' | 'rekeysChild' | 'rekeysIke' | 'closesChild' | 'closes' | 'suspends'> {
  return {
    initiates: (name, child = orders.firstChild(me), options = {}) =>
      acting.does(me, name, { kind: 'initiate', ...child }, acting.settled(name, options)),
    asksForLife: (name, { connection } = orders.firstChild(me), options = {}) =>
      acting.does(me, name, { kind: 'liveness', connection }, acting.informed(name, options)),
    rekeysChild: (name, child = orders.firstChild(me), options = {}) =>
      acting.does(me, name, { kind: 'rekey-child', ...child }, acting.settled(name, options)),
    rekeysIke: (name, { connection } = orders.firstChild(me), options = {}) =>
      acting.does(me, name, { kind: 'rekey-ike', connection }, acting.settled(name, options)),
    closesChild: (name, child = orders.firstChild(me), { only, ...options } = {}) =>
      acting.does(me, name, { kind: 'close-child', ...child, ...(only && { only }) }, acting.settled(name, options)),
    closes: (name, { connection } = orders.firstChild(me), options = {}) =>
      acting.does(me, name, { kind: 'close', connection }, acting.settled(name, options)),
    suspends: (name, { connection } = orders.firstChild(me)) => acting.does(me, name, { kind: 'suspend', connection }),
  };
}
