/**
 * What a node was told to be, and what it said of itself, as documents of a bundle: as deep as judging reads. The compiler holds each against the
 * type that is judged; more fields may stand beside those known.
 */
import { z } from 'zod';
import type { CertificateRecipe, RevocationListRecipe } from '../../reference/certificates/recipe.ts';
import type {
  IkeConnection,
  MobilityConfiguration,
  NodeConfiguration,
  TrafficSelectorConfiguration,
} from '../../reference/host/configuration.ts';
import type { NodeState } from '../../reference/host/interface.ts';
import { address, count, hex, octet, port, prefix, sequenceNumber, spi } from './scalars.ts';

const rangeOf = (one: z.ZodNumber) => z.union([one, z.tuple([one, one])]);
const icmp = z.looseObject({ type: rangeOf(octet), code: rangeOf(octet).optional() });
const mode = z.enum(['transport', 'tunnel']);

const selector = z.looseObject({
  local: prefix,
  remote: prefix,
  protocol: octet.optional(),
  localPort: rangeOf(port).optional(),
  remotePort: rangeOf(port).optional(),
  icmp: icmp.optional(),
  mobilityHeaderType: rangeOf(octet).optional(),
});

const spdEntry = z.looseObject({
  name: z.string(),
  direction: z.enum(['in', 'out', 'both']),
  selector,
  action: z.union([
    z.enum(['BYPASS', 'DISCARD']),
    z.looseObject({
      kind: z.literal('PROTECT'),
      protocol: z.enum(['ESP', 'AH']),
      mode,
      tunnel: z.looseObject({ local: address, remote: address }).optional(),
      securityAssociations: z.array(z.string()).optional(),
      within: z.string().optional(),
    }),
  ]),
});

const handling = {
  dontFragment: z.enum(['copy', 'set', 'clear']).optional(),
  fragments: z.enum(['before', 'after']).optional(),
};

const manualOfBoth = {
  name: z.string(),
  direction: z.enum(['in', 'out']),
  spi,
  source: address,
  destination: address,
  mode,
  replayWindow: count,
  extendedSequenceNumbers: z.boolean(),
  sequenceNumber: sequenceNumber.optional(),
  selector: selector.optional(),
  lifetime: z.looseObject({ seconds: z.number().optional(), octets: z.number().optional() }).optional(),
  ...handling,
};

const keyed = z.looseObject({ id: count, key: hex });
const manualSa = z.union([
  z.looseObject({ ...manualOfBoth, protocol: z.literal('AH'), integrity: keyed }),
  z.looseObject({
    ...manualOfBoth,
    protocol: z.literal('ESP').optional(),
    encryption: z.looseObject({ id: count, keyLength: count.optional(), key: hex }),
    integrity: keyed.optional(),
    encapsulation: z.looseObject({ sourcePort: port, destinationPort: port }).optional(),
  }),
]);

const altNames = z.array(
  z.union([
    z.looseObject({ dNSName: z.string() }),
    z.looseObject({ rfc822Name: z.string() }),
    z.looseObject({ iPAddress: z.string() }),
    z.looseObject({ directoryName: z.string() }),
  ]),
);

const certificateRecipe: z.ZodType<CertificateRecipe> = z.looseObject({
  subject: z.string(),
  key: z.string(),
  get issuer() {
    return certificateRecipe.optional();
  },
  altNames: altNames.optional(),
  altNamesCritical: z.boolean().optional(),
  authority: z.looseObject({ pathLength: count.optional() }).optional(),
  validity: z.looseObject({ notBefore: z.number(), notAfter: z.number() }).optional(),
  serial: count.optional(),
  addressBlocks: z.array(prefix).optional(),
  nameConstraints: z
    .looseObject({ permitted: altNames.optional(), excluded: altNames.optional(), critical: z.boolean().optional() })
    .optional(),
  keyUsage: z.array(z.enum(['digitalSignature', 'keyCertSign', 'cRLSign', 'keyEncipherment'])).optional(),
});

const revocationLists: z.ZodType<readonly RevocationListRecipe[]> = z.array(
  z.looseObject({
    issuer: certificateRecipe,
    key: z.string().optional(),
    revoked: z.array(certificateRecipe),
    updates: z.looseObject({ thisUpdate: z.number(), nextUpdate: z.number() }).optional(),
  }),
);

const identity = {
  type: z.enum(['ID_IPV4_ADDR', 'ID_FQDN', 'ID_RFC822_ADDR', 'ID_IPV6_ADDR', 'ID_DER_ASN1_DN', 'ID_KEY_ID', 'ID_NULL']),
  value: z.string(),
};

const proposals = z.array(
  z.looseObject({
    encryption: z.array(z.looseObject({ id: count, keyLength: count.optional() })),
    integrity: z.array(count),
    pseudorandomFunctions: z.array(count).optional(),
    keyExchangeMethods: z.array(count).optional(),
    additionalKeyExchanges: z.array(z.array(count)).optional(),
    extendedSequenceNumbers: z.array(z.boolean()).optional(),
  }),
);

const trafficSelectors: z.ZodType<readonly TrafficSelectorConfiguration[]> = z.array(
  z.looseObject({
    addresses: z.union([prefix, z.tuple([address, address])]),
    protocol: octet.optional(),
    ports: rangeOf(port).optional(),
    icmp: icmp.optional(),
    mobilityHeaderType: rangeOf(octet).optional(),
  }),
);

const eapPasswordMethod = z.enum(['MD5-Challenge', 'EAP-MSCHAP-V2']);
const eapAccount = { name: z.string(), password: z.string() };

const connection: z.ZodType<IkeConnection> = z.looseObject({
  name: z.string(),
  localAddresses: z.array(address),
  remoteAddresses: z.array(z.union([z.literal('any'), address])),
  local: z.looseObject({
    identity: z.looseObject(identity),
    authentication: z.discriminatedUnion('kind', [
      z.looseObject({
        kind: z.literal('certificate'),
        chain: z.array(certificateRecipe),
        revocationLists: revocationLists.optional(),
        key: z.string(),
        scheme: z.enum(['RSASSA-PKCS1-v1_5', 'RSASSA-PSS']).optional(),
      }),
      z.looseObject({ kind: z.literal('shared-key'), key: hex }),
      z.looseObject({ kind: z.literal('public-key'), key: z.string(), isSent: z.literal(true).optional() }),
      z.looseObject({ kind: z.literal('null') }),
      z.discriminatedUnion('method', [
        z.looseObject({ kind: z.literal('eap'), method: eapPasswordMethod, ...eapAccount }),
        z.looseObject({
          kind: z.literal('eap'),
          method: z.literal('EAP-TLS'),
          name: z.string(),
          chain: z.array(certificateRecipe),
          key: z.string(),
        }),
      ]),
    ]),
  }),
  remote: z.looseObject({
    identity: z.union([
      z.literal('any'),
      z.looseObject({ ...identity, match: z.enum(['exact', 'sub-tree', 'range']).optional() }),
    ]),
    authentication: z.enum(['signature', 'shared-key', 'eap', 'null']),
    eap: z
      .looseObject({
        method: z.enum([...eapPasswordMethod.options, 'EAP-TLS']),
        passwords: z.array(z.looseObject(eapAccount)),
        asksIdentity: z.literal(true).optional(),
      })
      .optional(),
    trustAnchors: z.array(certificateRecipe),
    revocationLists: revocationLists.optional(),
    sharedKeys: z
      .array(z.looseObject({ identity: z.union([z.literal('any'), z.looseObject(identity)]), key: hex }))
      .optional(),
    publicKeys: z.array(z.string()).optional(),
    certificateAddresses: z.literal('required').optional(),
  }),
  proposals,
  internalAddresses: z
    .looseObject({
      asksFor: z.array(address).optional(),
      pools: z.array(z.tuple([address, address])).optional(),
      nameServers: z.array(address).optional(),
    })
    .optional(),
  fragmentation: z.looseObject({ datagramOctets: count.optional() }).optional(),
  windowSize: count.optional(),
  livenessAfter: z.number().optional(),
  mobike: z.looseObject({ additionalAddresses: z.array(address).optional() }).optional(),
  resumption: z.looseObject({ ticketLifetime: count.optional() }).optional(),
  encapsulation: z.literal('forced').optional(),
  ppk: z.looseObject({ identity: z.string(), key: hex, mandatory: z.boolean().optional() }).optional(),
  children: z.array(
    z.looseObject({
      name: z.string(),
      protocol: z.enum(['ESP', 'AH']).optional(),
      mode,
      local: trafficSelectors,
      remote: trafficSelectors,
      proposals,
      start: z.enum(['none', 'trap']),
      replayWindow: count.optional(),
      lifetime: z.looseObject({ seconds: z.number().optional(), octets: z.number().optional() }).optional(),
      ...handling,
    }),
  ),
});

const mobility: z.ZodType<MobilityConfiguration> = z.looseObject({
  correspondentNode: z
    .looseObject({
      signalling: z
        .looseObject({
          trustsIpsec: z.literal(true).optional(),
          longestBinding: count.optional(),
          keepsNoBindings: z.literal(true).optional(),
        })
        .optional(),
      bindings: z.array(z.looseObject({ homeAddress: address, careOfAddress: address })).optional(),
      verifiesByIpsec: z.literal(true).optional(),
      believesHomeAddresses: z.literal(true).optional(),
    })
    .optional(),
  homeAgent: z
    .looseObject({
      interface: z.string(),
      address,
      homeAddresses: z.array(address),
      prohibited: z.array(address).optional(),
      registrations: z.array(z.looseObject({ homeAddress: address, careOfAddress: address })).optional(),
      requiresIpsec: z.boolean(),
      longestBinding: count.optional(),
      prefixLifetimes: z.looseObject({ valid: count, preferred: count }).optional(),
      prefixDeliveries: z.looseObject({ shortest: count, longest: count }).optional(),
      preference: z.number().optional(),
    })
    .optional(),
  mobileNode: z
    .looseObject({
      interface: z.string(),
      homeAddress: prefix,
      homeAgent: address.optional(),
      signalling: z
        .looseObject({ lifetime: count, routeOptimization: z.boolean(), withoutIpsec: z.literal(true).optional() })
        .optional(),
      byHand: z.looseObject({ careOfAddress: address, correspondents: z.array(address) }).optional(),
    })
    .optional(),
});

export const nodeConfiguration: z.ZodType<NodeConfiguration> = z.looseObject({
  name: z.string(),
  interfaces: z.array(
    z.looseObject({ name: z.string(), link: z.string(), addresses: z.array(prefix), mtu: count.optional() }),
  ),
  innerAddresses: z.array(prefix),
  routes: z.array(z.looseObject({ destination: z.string(), via: address, interface: z.string() })),
  forwarding: z.boolean(),
  translations: z.array(z.looseObject({ inside: address, outside: address })).optional(),
  advertises: z
    .array(
      z.looseObject({
        interface: z.string(),
        interval: z.looseObject({ least: z.number(), most: z.number(), told: z.number().optional() }),
        routerLifetime: count,
        retransTimer: count.optional(),
        prefixes: z.array(
          z.looseObject({
            prefix,
            routerAddress: z.boolean(),
            validLifetime: count,
            preferredLifetime: count,
          }),
        ),
        homeAgent: z.looseObject({ preference: count, lifetime: count }).optional(),
      }),
    )
    .optional(),
  sinks: z.array(z.looseObject({ protocol: z.enum(['udp', 'tcp']), port })),
  spd: z.array(spdEntry),
  unmatched: z.enum(['BYPASS', 'DISCARD']).optional(),
  pathMtuMessages: z.enum(['heeded', 'ignored']).optional(),
  manual: z.array(manualSa),
  spis: z.tuple([spi, spi]).optional(),
  ike: z.array(connection),
  mobility: mobility.optional(),
});

const binding = { homeAddress: address, careOfAddress: address, homeRegistration: z.boolean() };

export const nodeState: z.ZodType<NodeState> = z.looseObject({
  ikeSas: z.array(
    z.looseObject({
      connection: z.string(),
      initiatorSPI: z.string(),
      responderSPI: z.string(),
      state: z.enum(['connecting', 'established', 'rekeying', 'deleting']),
      remoteIdentity: z.string().optional(),
      localAddress: z.string(),
      remoteAddress: z.string(),
    }),
  ),
  sad: z.array(
    z.looseObject({
      spi,
      source: z.string(),
      destination: z.string(),
      mode,
      direction: z.enum(['in', 'out']),
      packets: count,
      octets: count,
      replayWindow: count,
      replayFailures: count,
      integrityFailures: count,
      child: z.string().optional(),
    }),
  ),
  spd: z.array(
    z.looseObject({
      direction: z.enum(['in', 'out', 'forward']),
      selector: z.string(),
      action: z.enum(['BYPASS', 'DISCARD', 'PROTECT']),
      priority: z.number(),
    }),
  ),
  counters: z.record(z.string(), z.number()),
  delivered: z.array(
    z.looseObject({
      protocol: z.enum(['udp', 'tcp']),
      source: z.string(),
      destination: z.string(),
      sourcePort: port,
      destinationPort: port,
      payload: hex,
    }),
  ),
  bindings: z.array(z.looseObject(binding)).optional(),
  bindingUpdates: z.array(z.looseObject({ ...binding, peer: address, settled: z.boolean() })).optional(),
});
