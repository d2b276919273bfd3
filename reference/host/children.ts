/**
 * What IKE's children add to the databases of RFC 4301: SPD entries that protect their traffic (section 4.4.1), and SAs (4.4.2). Pure
 * mapping; SAs and entries of a child share the name `connection/child`.
 */
import type { NegotiatedSa } from '../ikev2/interface.ts';
import type { SecurityAssociation } from '../ipsec/sad.ts';
import type { SpdEntry } from '../ipsec/spd-entry.ts';
import { type Selectors, trafficSelectors } from '../ipsec/traffic-selector.ts';
import type { ChildConfiguration, IkeConnection, NodeConfiguration } from './configuration.ts';

export interface ConfiguredChild {
  readonly connection: IkeConnection;
  readonly child: ChildConfiguration;
  readonly name: string;
  /** Before any narrowing. */
  readonly selectors: Selectors;
}

/** The children whose traffic starts IKE (RFC 4301 section 5.1), in PAD order. */
export function trapChildren({ ike }: NodeConfiguration): readonly ConfiguredChild[] {
  return ike.flatMap((connection) =>
    connection.children
      .filter(({ start }) => start === 'trap')
      .map((child) => ({
        connection,
        child,
        name: childName(connection.name, child.name),
        selectors: selectorsOf(child),
      })),
  );
}

/** Both directions of a child's traffic, protected by its own SAs. */
export function childEntries(
  name: string,
  { protocol = 'ESP', mode }: Pick<ChildConfiguration, 'protocol' | 'mode'>,
  selectors: Selectors,
): readonly SpdEntry[] {
  return (['out', 'in'] as const).map((direction) => ({
    name,
    direction,
    selectors,
    action: { kind: 'PROTECT', protocol, mode, securityAssociations: [name] },
  }));
}

export function childSecurityAssociation({ connection, child, ...sa }: NegotiatedSa): SecurityAssociation {
  return { ...sa, name: childName(connection, child) };
}

export function childName(connection: string, child: string): string {
  return `${connection}/${child}`;
}

function selectorsOf(child: ChildConfiguration): Selectors {
  return { local: child.local.flatMap(trafficSelectors), remote: child.remote.flatMap(trafficSelectors) };
}
