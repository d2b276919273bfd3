/**
 * What an address that was given means afterwards: another child for it and for its neighbour's (AURA 5.3; RFC 7296 2.19), another client when there is
 * none left (RFC 7296 3.15.4), and whether a home address could be had so at all (DUPONT K).
 */
import { certificateOf, fqdn, signedWith } from '../../harness/vocabulary/credentials.ts';
import { childBetween, peering } from '../../harness/vocabulary/ike-intent.ts';
import {
  type Account,
  type Control,
  cause,
  inconclusive,
  type Judgement,
  post,
  pre,
} from '../../harness/vocabulary/judging.ts';
import { saysInConfiguration } from '../../harness/vocabulary/lies.ts';
import { configurationMutants } from '../../harness/vocabulary/mutants.ts';
import { innerPrefixes } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import type { Stage } from '../../harness/vocabulary/stage.ts';
import { configurationAttributes } from '../../reference/wire/ike/registry.ts';
import { playImpersonation } from '../identity/impersonation.ts';
import { AURA, DUPONT, RFC4877, RFC7296 } from '../requirements/documents.ts';
import {
  addressesOfClient,
  configured,
  everything,
  families,
  grantBetween,
  unspecified,
} from './configuration-payloads.ts';

const single = { ipv4: 32, ipv6: 128 } as const;

export const addressOfNeighbour = scenario({
  name: 'address-of-neighbour',
  title: 'A client with an address behind a gateway asks for a child of another address',
  dimensions: { family: families },
  given: ({ family }) => {
    const [own, neighbours] = addressesOfClient[family];
    const remote = innerPrefixes.nut[family];
    const children = [
      childBetween(peering.child, 'tunnel', { local: everything[family], remote }),
      childBetween('neighbour', 'tunnel', { local: `${neighbours}/${single[family]}`, remote }),
    ];
    const asks = { asksFor: [own] };
    return configured({ family, gateway: 'nut', nut: { pools: [[own, neighbours]] }, tn: asks, children });
  },
  async play({ tn, nut }) {
    const [own, neighbours] = ['all', 'neighbour'].map((child) => ({ connection: 'honest', child }));
    await tn.initiates('before', own);
    await tn.echo('before echo', { unlessRefused: 'before' });
    await tn.initiates('claim', neighbours);
    await tn.echo('after echo');
    await nut.closes('closed', { connection: peering.connection, child: peering.child });
  },
  questions: {
    'AURA-PAD-2': question('Does a client get a child for the address that it was given, and for no other?', {
      outcomes: ['only-assigned', 'neighbours-too'],
      controls: givenBefore,
      judge: (t) =>
        t.ike.childAgreed('claim')?.as('neighbours-too') ?? t.ike.refused('claim', 'nut')?.as('only-assigned'),
      plays: 'responder',
      reads: [
        reads(AURA, '5.3', 'obs', 'responder', {
          'only-assigned': observed('an address that the gateway gave out is one that it authorizes'),
          'neighbours-too': observed('a client may speak for the addresses of others'),
        }),
        reads(RFC7296, '2.19', 'MUST', 'responder', { 'only-assigned': pass, 'neighbours-too': fail }),
      ],
      lawful: 'only-assigned',
      turnedBy: [[configurationMutants.speaksForThePool, 'neighbours-too']],
    }),
  },
});

export const addressPoolExhausted = scenario({
  name: 'address-pool-exhausted',
  title: 'Another client asks while the only address of a gateway is in use',
  dimensions: { family: families },
  given: ({ family }) => {
    const [own] = addressesOfClient[family];
    const asks = { asksFor: [unspecified[family]] };
    return configured({ family, gateway: 'nut', nut: { pools: [[own, own]] }, tn: asks, claim: another });
  },
  async play({ tn, nut }) {
    await tn.initiates('before', honest);
    await tn.echo('before echo', { unlessRefused: 'before' });
    await tn.initiates('claim', claim);
    await tn.echo('still', {});
    await tn.closes('claim closed', claim);
    await tn.closes('before closed', honest);
    await nut.reports('all gone', { until: ({ ikeSas }) => ikeSas.length === 0 });
    await anew(tn);
  },
  questions: {
    'RFC7296-3.15.4': question('Is a client refused for whom there is no address, and given it once it is free?', {
      outcomes: ['address-failure', 'given-twice', 'refused', 'unanswered'],
      controls: (t) => [
        ...givenBefore(t),
        cause('the first client has it still', t.answered('still')),
        post('the address is given again', t.established('after', 'after echo')),
      ],
      judge: (t) =>
        t.ike.childAgreed('claim')?.as('given-twice') ??
        t.ike.refused('claim', 'nut', 'INTERNAL_ADDRESS_FAILURE')?.as('address-failure') ??
        forWhoItIs(t) ??
        t.ike.refused('claim', 'nut')?.as('refused') ??
        t.unsettled('claim', 'still')?.as('unanswered'),
      plays: 'responder',
      reads: [
        reads(RFC7296, '3.15.4', 'MUST', 'responder', {
          'address-failure': pass,
          'given-twice': fail,
          refused: fail,
          unanswered: fail,
        }),
      ],
      lawful: 'address-failure',
      turnedBy: [
        [configurationMutants.givesTwice, 'given-twice'],
        [configurationMutants.goesOnWithoutAddress, 'refused'],
      ],
    }),
  },
});

export const homePrefix = scenario({
  name: 'home-prefix',
  title: 'A mobile node asks for a home prefix and a home address',
  dimensions: { asks: ['home-prefix-and-address'] },
  given: () => {
    const [first, last] = addressesOfClient.ipv6;
    return configured({
      family: 'ipv6',
      gateway: 'nut',
      nut: { pools: [[first, last]] },
      tn: { asksFor: [unspecified.ipv6] },
    });
  },
  misbehaves: () => ({
    tn: saysInConfiguration('claim', (attributes) => [
      { type: configurationAttributes.MIP6_HOME_PREFIX, value: new Uint8Array() },
      ...attributes,
    ]),
  }),
  play: (stage) => playImpersonation(stage, 'responder'),
  questions: {
    'DUPONT-K': question('How is a home address had that is an identity as well?', {
      outcomes: ['address', 'prefix', 'none'],
      controls: (t) => [
        pre('a client is let in', t.ike.childAgreed('before')),
        post('a client is let in again', t.ike.childAgreed('after')),
      ],
      judge: (t) => {
        const grant = grantBetween(t, 'claim', 'after');
        if (!grant) return t.ike.refused('claim', 'nut')?.as('none');
        if (grant.attributes.includes(configurationAttributes.MIP6_HOME_PREFIX)) return grant.says.as('prefix');
        return grant.says.as(grant.addresses.length > 0 ? 'address' : 'none');
      },
      plays: 'responder',
      reads: [
        reads(DUPONT, '3.1 K', 'obs', 'responder', {
          address: observed(
            'no identity of its own kind: an address that is given out and is all that the peer speaks for',
          ),
          prefix: observed('no identity of its own kind: a prefix to make a home address of'),
          none: observed('nothing'),
        }),
        reads(RFC4877, '9', 'obs', 'responder', {
          address: observed('INTERNAL_IP6_ADDRESS'),
          prefix: observed('MIP6_HOME_PREFIX (RFC 5026)'),
          none: observed('no dynamic home address'),
        }),
      ],
      lawful: 'address',
      turnedBy: [[configurationMutants.sendsNoConfiguration, 'none']],
    }),
  },
});

const honest = { connection: 'honest', child: peering.child };
const claim = { connection: 'claim', child: peering.child };

const otherName = 'other.example';
const another = {
  identity: fqdn(otherName),
  credential: signedWith(certificateOf({ commonName: otherName, altNames: [{ dNSName: otherName }], key: 'p256One' })),
};

/** Nothing was said of an address. */
function forWhoItIs(t: Account): Judgement | undefined {
  const refused = t.ike.refused('claim', 'nut', 'AUTHENTICATION_FAILED');
  return refused && inconclusive('I-CAUSE', refused.says, ...refused.evidence);
}

/** The client that was refused, when there is one again. */
async function anew(tn: Stage['tn']): Promise<void> {
  await tn.initiates('after', claim);
  await tn.echo('after echo', { unlessRefused: 'after' });
  await tn.closes('after closed', claim);
}

function givenBefore(t: Account): readonly Control[] {
  return [pre('an address is given and used', t.established('before', 'before echo'))];
}
