/** What the vendor of a device may claim that it does not do, by name; each looks for it in a configuration. */
import type { NodeConfiguration } from '../../lab/node.ts';

export interface Claim {
  readonly what: ClaimName;
  /** In the words of the vendor. */
  readonly why: string;
}

export type ClaimName = keyof typeof claims;

/** The first that a configuration falls under, in the vendor's words. */
export const claimed = (made: readonly Claim[], configuration: NodeConfiguration): string | undefined =>
  made.find(({ what }) => claims[what](configuration))?.why;

const children = ({ ike }: NodeConfiguration) => ike.flatMap((connection) => connection.children);
const protections = ({ spd }: NodeConfiguration) =>
  spd.flatMap(({ action }) => (typeof action === 'object' ? [action] : []));

const claims = {
  IKEv2: ({ ike }) => ike.length > 0,
  'manual keys': ({ manual }) => manual.length > 0,
  AH: (given) => [...children(given), ...protections(given), ...given.manual].some(({ protocol }) => protocol === 'AH'),
  'transport mode': (given) =>
    [...children(given), ...protections(given), ...given.manual].some(({ mode }) => mode === 'transport'),
  'tunnel mode': (given) =>
    [...children(given), ...protections(given), ...given.manual].some(({ mode }) => mode === 'tunnel'),
  'IPv6 inside': (given) =>
    given.spd.some(({ selector }) => [selector.local, selector.remote].some(isIpv6)) ||
    children(given).some(({ local, remote }) =>
      [...local, ...remote].some(({ addresses }) => [addresses].flat().some(isIpv6)),
    ),
  'IPv6 outside': ({ ike, manual }) =>
    ike.some(({ localAddresses, remoteAddresses }) => [...localAddresses, ...remoteAddresses].some(isIpv6)) ||
    manual.some(({ source }) => isIpv6(source)),
  'policies that bypass or discard': ({ spd, unmatched }) =>
    unmatched === 'DISCARD' || spd.some(({ action }) => typeof action !== 'object'),
  'shared keys': ({ ike }) => ike.some(({ local }) => local.authentication.kind === 'shared-key'),
  certificates: ({ ike }) =>
    ike.some(({ local, remote }) => 'chain' in local.authentication || remote.trustAnchors.length > 0),
  'raw public keys': ({ ike }) =>
    ike.some(({ local, remote }) => local.authentication.kind === 'public-key' || remote.publicKeys !== undefined),
  EAP: ({ ike }) =>
    ike.some(({ local, remote }) => local.authentication.kind === 'eap' || remote.authentication === 'eap'),
  MOBIKE: ({ ike }) => ike.some(({ mobike }) => mobike !== undefined),
  'extended sequence numbers': (given) =>
    given.manual.some(({ extendedSequenceNumbers }) => extendedSequenceNumbers) ||
    children(given).some(({ proposals }) => proposals.some((each) => each.extendedSequenceNumbers?.every(Boolean))),
  'to be a gateway': ({ forwarding, innerAddresses }) => forwarding || innerAddresses.length > 0,
  'Mobile IPv6': ({ mobility }) => mobility !== undefined,
} as const satisfies Readonly<Record<string, (configuration: NodeConfiguration) => boolean>>;

const isIpv6 = (address: string): boolean => address.includes(':');

export const claimNames = Object.keys(claims) as readonly ClaimName[];
