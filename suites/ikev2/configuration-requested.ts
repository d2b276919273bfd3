/**
 * A client asks for an address behind the gateway under test, as it should and otherwise (RFC 7296 2.19, 3.15.1): it is given one of the pool, and its
 * child is for that address and for no other.
 */
import { type Account, both, type Judgement } from '../../harness/vocabulary/judging.ts';
import { saysInConfiguration } from '../../harness/vocabulary/lies.ts';
import { configurationMutants, type NodeMutant } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import type { ConfigurationAttribute } from '../../reference/wire/ike/configuration.ts';
import { configurationAttributes } from '../../reference/wire/ike/registry.ts';
import { impersonationControls, playImpersonation } from '../identity/impersonation.ts';
import { RFC7296 } from '../requirements/documents.ts';
import {
  addressesOfClient,
  configured,
  type Family,
  families,
  grantBetween,
  type InternalAddresses,
  unspecified,
} from './configuration-payloads.ts';

const outcomes = [
  'given',
  'wider',
  'more',
  'foreign',
  'none',
  'failed-cp-required',
  'address-failure',
  'refused',
  'unanswered',
] as const;
type Outcome = (typeof outcomes)[number];

interface Way {
  readonly asks: (family: Family) => readonly string[];
  readonly lie?: (attributes: readonly ConfigurationAttribute[]) => readonly ConfigurationAttribute[];
  readonly lawful: Outcome;
  readonly turned: readonly [NodeMutant, Outcome];
}

const one = (family: Family) => [unspecified[family]];
const otherFamily = { ipv4: 'ipv6', ipv6: 'ipv4' } as const;
const { speaksForThePool, givesAllAddresses, givesWhatIsNamed, asksForNoRequest, takesAnyAttribute } =
  configurationMutants;

const ways = {
  'any-address': { asks: one, lawful: 'given', turned: [speaksForThePool, 'wider'] },
  'address-of-pool': {
    asks: (family) => [addressesOfClient[family][0]],
    lawful: 'given',
    turned: [givesAllAddresses, 'more'],
  },
  'address-of-nobody': {
    asks: (family) => [{ ipv4: '10.9.0.9', ipv6: '2001:db8:a9::9' }[family]],
    lawful: 'given',
    turned: [givesWhatIsNamed, 'foreign'],
  },
  'both-families': {
    asks: (family) => [unspecified[family], unspecified[otherFamily[family]]],
    lawful: 'given',
    turned: [speaksForThePool, 'wider'],
  },
  'unknown-attributes': {
    asks: one,
    lie: (attributes) => [{ type: 0x7abc, value: new Uint8Array(5) }, ...attributes],
    lawful: 'given',
    turned: [configurationMutants.stopsAtUnknownAttribute, 'address-failure'],
  },
  'reserved-bit': {
    asks: one,
    lie: (attributes) => attributes.map((attribute) => ({ ...attribute, reservedBit: 1 })),
    lawful: 'given',
    turned: [configurationMutants.readsReservedBit, 'address-failure'],
  },
  'no-request': { asks: () => [], lawful: 'failed-cp-required', turned: [asksForNoRequest, 'address-failure'] },
  'no-address-asked': {
    asks: one,
    lie: () => [{ type: configurationAttributes.APPLICATION_VERSION, value: new Uint8Array() }],
    lawful: 'address-failure',
    turned: [configurationMutants.goesOnWithoutAddress, 'refused'],
  },
  'three-octets': {
    asks: one,
    lie: ([address]) => [{ type: address!.type, value: new Uint8Array(3) }],
    lawful: 'address-failure',
    turned: [takesAnyAttribute, 'given'],
  },
} as const satisfies Record<string, Way>;

type WayName = keyof typeof ways;

const wayOf = (name: string): Way => ways[name as WayName];

export const configurationRequested = scenario({
  name: 'configuration-requested',
  title: 'A client asks for an address behind a gateway',
  dimensions: { asks: Object.keys(ways) as WayName[], family: families },
  given: ({ asks, family }) => {
    const [first, last] = addressesOfClient[family];
    const asking = wayOf(asks).asks(family);
    // By name, for the tester speaks from that one; which of a pool is given to whoever names none is the node's to choose.
    const honest: InternalAddresses = { asksFor: [first] };
    return configured({
      family,
      gateway: 'nut',
      nut: { pools: [[first, last]] },
      tn: honest,
      faces: { claim: asking.length > 0 ? { asksFor: asking } : undefined },
    });
  },
  misbehaves: ({ asks }) => {
    const { lie } = wayOf(asks);
    return { tn: lie ? saysInConfiguration('claim', lie) : {} };
  },
  play: (stage) => playImpersonation(stage, 'responder'),
  questions: {
    'RFC7296-2.19': question('Is the client given one address of the pool, and a child for that alone?', {
      outcomes,
      asks: ({ asks }) => !isAboutAttributes(asks),
      controls: impersonationControls,
      judge: (t, { asks, family }) => judgeGrant(t, asks, family as Family),
      plays: 'responder',
      reads: ({ asks }) => [
        asks === 'no-request'
          ? reads(RFC7296, '2.19', 'MUST', 'responder', { ...allFail, 'failed-cp-required': pass })
          : reads(RFC7296, '2.19', 'MUST', 'responder', { ...allFail, given: pass }),
      ],
      lawful: ({ asks }) => wayOf(asks).lawful,
      turnedBy: ({ asks }) => [wayOf(asks).turned],
    }),
    'RFC7296-3.15.1': question('Are attributes passed over that say nothing?', {
      outcomes,
      asks: ({ asks }) => isAboutAttributes(asks),
      controls: impersonationControls,
      judge: (t, { asks, family }) => judgeGrant(t, asks, family as Family),
      plays: 'responder',
      reads: ({ asks }) => [
        wayOf(asks).lawful === 'given'
          ? reads(RFC7296, '3.15.1', 'MUST', 'responder', { ...allFail, given: pass })
          : reads(RFC7296, '3.15.1', 'obs', 'responder', {
              given: observed('an address is given'),
              wider: observed('a child is given for more than an address'),
              more: observed('more than one address is given'),
              foreign: observed('an address of no pool is given'),
              none: observed('a child is given without an address'),
              'failed-cp-required': observed('the request is not taken for one'),
              'address-failure': observed('no address is given, and no child'),
              refused: observed('the message is refused'),
              unanswered: observed('nothing is said'),
            }),
      ],
      lawful: ({ asks }) => wayOf(asks).lawful,
      turnedBy: ({ asks }) => [wayOf(asks).turned],
    }),
  },
});

const allFail = {
  given: fail,
  wider: fail,
  more: fail,
  foreign: fail,
  none: fail,
  'failed-cp-required': fail,
  'address-failure': fail,
  refused: fail,
  unanswered: fail,
} as const;

function isAboutAttributes(asks: string): boolean {
  return wayOf(asks).lie !== undefined;
}

function judgeGrant(t: Account, asks: string, family: Family): Judgement | undefined {
  const refusals = [
    t.ike.refused('claim', 'nut', 'FAILED_CP_REQUIRED')?.as('failed-cp-required'),
    t.ike.refused('claim', 'nut', 'INTERNAL_ADDRESS_FAILURE')?.as('address-failure'),
    t.ike.refused('claim', 'nut')?.as('refused'),
    t.unsettled('claim', 'after echo')?.as('unanswered'),
  ];
  const grant = grantBetween(t, 'claim', 'after');
  if (!grant) return refusals.find((each) => each !== undefined);
  const { says, addresses, selectors } = grant;
  const pool: readonly string[] = addressesOfClient[family];
  if (addresses.length === 0) return says.as('none');
  if (addresses.length > wayOf(asks).asks(family).length) return says.as('more');
  if (addresses.some((address) => !pool.includes(address))) return says.as('foreign');
  const exact = addresses.map((address) => `${address}-${address}`);
  if (selectors.some((range) => !exact.includes(range))) return says.as('wider');
  return both(t.ike.childAgreed('claim'), says)?.as('given');
}
