/** What a device is to be configured with, on a page that a person can follow: its network, its PAD, its SPD, its keys. Transforms are IANA's numbers (RFC 7296 3.3.2). */
import type {
  Identity,
  IdentityPattern,
  IkeConnection,
  NodeConfiguration,
  ProposalConfiguration,
  Selector,
  SpdEntry,
} from '../../lab/node.ts';
import { type DeviceMaterial, materialOf } from './device-material.ts';

export function configurationPage(
  { name, version }: { readonly name: string; readonly version: string },
  configuration: NodeConfiguration,
  inItsLanguage?: string,
): string {
  const { interfaces, innerAddresses, routes, forwarding, spd, unmatched, manual, ike, mobility } = configuration;
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['Forget', ['every address, route, policy, key and SA of the case before']],
    [
      'Network',
      [
        ...interfaces.map((each) => `${each.name}: ${each.addresses.join(', ')}${each.mtu ? `, MTU ${each.mtu}` : ''}`),
        ...innerAddresses.map((prefix) => `an address of its own, behind it: ${prefix}`),
        ...routes.map(({ destination, via, interface: by }) => `to ${destination} via ${via} (${by})`),
        forwarding ? 'it forwards packets' : 'it forwards no packets',
      ],
    ],
    ['SPD (the first match decides)', [...spd.map(policyLine), `whatever matches none: ${unmatched ?? 'BYPASS'}`]],
    [
      'SAs keyed by hand',
      manual.map((sa) => JSON.stringify(sa, (_, value) => (typeof value === 'bigint' ? `${value}` : value))),
    ],
    ...ike.map((each) => [`PAD and IKE: ${each.name}`, connectionLines(each)] as const),
    ['Mobile IPv6', mobility ? [JSON.stringify(mobility)] : []],
    ['Certificates and keys', materialLines(materialOf(configuration))],
    ['In its own language', inItsLanguage === undefined ? [] : inItsLanguage.trimEnd().split('\n')],
  ];
  const printed = sections.flatMap(([title, lines]) =>
    lines.length > 0 ? ['', title, ...lines.map((line) => `  ${line}`)] : [],
  );
  return [`${name} ${version} is to be told:`, ...printed, ''].join('\n');
}

function policyLine({ name, direction, selector, action }: SpdEntry): string {
  const what =
    typeof action === 'object'
      ? `${action.protocol} in ${action.mode} mode${action.tunnel ? ` from ${action.tunnel.local} to ${action.tunnel.remote}` : ''}`
      : action;
  return `${name}: ${selectorText(selector)}, ${direction}: ${what}`;
}

function selectorText({ local, remote, ...rest }: Selector): string {
  const more = Object.entries(rest).map(([name, value]) => `, ${name} ${JSON.stringify(value)}`);
  return `${local} ↔ ${remote}${more.join('')}`;
}

function connectionLines(connection: IkeConnection): readonly string[] {
  const { name: _name, localAddresses, remoteAddresses, local, remote, proposals, children, ...rest } = connection;
  const { authentication } = local;
  return [
    `between ${localAddresses.join(', ') || 'any address of its own'} and ${remoteAddresses.join(', ') || 'any'}`,
    `it is ${identityText(local.identity)}, and proves it by ${authentication.kind}${authentication.kind === 'shared-key' ? ` 0x${authentication.key}` : ''}`,
    `the peer is ${remote.identity === 'any' ? 'anybody' : identityText(remote.identity)}, and proves it by ${remote.authentication}`,
    ...(remote.sharedKeys ?? []).map(
      ({ identity, key }) => `of ${identity === 'any' ? 'anybody' : identityText(identity)} the shared key is 0x${key}`,
    ),
    ...proposals.map((each) => `IKE: ${proposalText(each)}`),
    ...Object.entries(rest).map(([what, value]) => `${what}: ${JSON.stringify(value)}`),
    ...children.flatMap(
      ({ name, protocol = 'ESP', mode, local: ours, remote: theirs, proposals: offers, start, ...more }) => [
        `child ${name}: ${protocol} in ${mode} mode, ${JSON.stringify(ours)} ↔ ${JSON.stringify(theirs)}, ${start === 'trap' ? 'begun by the first packet' : 'begun on command only'}`,
        ...offers.map((each) => `  ${protocol}: ${proposalText(each)}`),
        ...Object.entries(more).map(([what, value]) => `  ${what}: ${JSON.stringify(value)}`),
      ],
    ),
  ];
}

const identityText = ({ type, value, ...rest }: Identity | IdentityPattern): string =>
  `${type} ${value}${'match' in rest && rest.match ? ` (${rest.match})` : ''}`;

function proposalText(proposal: ProposalConfiguration): string {
  const {
    encryption,
    integrity,
    pseudorandomFunctions = [],
    keyExchangeMethods = [],
    additionalKeyExchanges = [],
    extendedSequenceNumbers,
  } = proposal;
  const kinds: readonly (readonly [string, readonly (string | number)[]])[] = [
    ['ENCR', encryption.map(({ id, keyLength }) => (keyLength === undefined ? id : `${id} (${keyLength} bits)`))],
    ['INTEG', integrity],
    ['PRF', pseudorandomFunctions],
    ['KE', keyExchangeMethods],
    ...additionalKeyExchanges.map((methods, i) => [`ADDKE${i + 1}`, methods] as const),
    ['ESN', (extendedSequenceNumbers ?? []).map((extended) => (extended ? 'yes' : 'no'))],
  ];
  return kinds.flatMap(([kind, values]) => (values.length > 0 ? [`${kind} ${values.join(' or ')}`] : [])).join(', ');
}

const materialLines = (material: DeviceMaterial): readonly string[] =>
  Object.entries(material).flatMap(([what, texts]: [string, readonly string[]]) =>
    texts.flatMap((text) => [`${what}:`, ...text.trimEnd().split('\n')]),
  );
