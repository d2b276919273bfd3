/** What `list-sas` of VICI says of IKE SAs and children, in the words of `NodeState`. */
import type { NodeState } from '../../lab/node.ts';
import { turned } from '../distinguished-name.ts';
import type { ViciTree } from './vici-message.ts';

/** Of one IKE SA, with its name beside what `list-sas` streamed. */
export function ikeSaOf(sa: ViciTree): NodeState['ikeSas'][number] {
  const identity = text(sa['remote-id']);
  return {
    connection: text(sa.name),
    initiatorSPI: text(sa['initiator-spi']),
    responderSPI: text(sa['responder-spi']),
    state: states[text(sa.state)] ?? 'connecting',
    ...(identity &&
      identity !== '%any' && { remoteIdentity: isDistinguishedName(identity) ? turned(identity) : identity }),
    localAddress: text(sa['local-host']),
    remoteAddress: text(sa['remote-host']),
  };
}

/** `connection/child` of the child that has this SPI in either direction; nothing where none has. */
export function childOf(spi: number, sas: readonly ViciTree[]): { readonly child?: string } {
  for (const sa of sas) {
    for (const child of childrenOf(sa)) {
      const spis = [text(child['spi-in']), text(child['spi-out'])].map((hex) => Number.parseInt(hex, 16));
      if (spis.includes(spi)) return { child: `${text(sa.name)}/${text(child.name)}` };
    }
  }
  return {};
}

/** Of one IKE SA. */
export const childrenOf = (sa: ViciTree): readonly ViciTree[] =>
  Object.values((sa['child-sas'] ?? {}) as ViciTree) as ViciTree[];

/** Of the children that are there with their policies: SPIs of the inbound SAs. */
export function installedOf(sas: readonly ViciTree[]): readonly number[] {
  const children = sas.flatMap(childrenOf).filter(({ state }) => !UNFINISHED.has(text(state)));
  return children.map((child) => Number.parseInt(text(child['spi-in']), 16));
}

/** Names of child_sa_state_t. */
const UNFINISHED: ReadonlySet<string> = new Set(['CREATED', 'ROUTED', 'INSTALLING']);

/** charon prints a DN in the order of its encoding; RFC 4514, and so `NodeState`, the other way round. */
const isDistinguishedName = (identity: string): boolean => /^[\w.]+=/.test(identity);

export const text = (element: ViciTree[string] | undefined): string => (typeof element === 'string' ? element : '');

/** The names of ike_sa_state_t. */
const states: Readonly<Record<string, NodeState['ikeSas'][number]['state']>> = {
  CREATED: 'connecting',
  CONNECTING: 'connecting',
  ESTABLISHED: 'established',
  PASSIVE: 'established',
  REKEYING: 'rekeying',
  REKEYED: 'rekeying',
  DELETING: 'deleting',
  DESTROYING: 'deleting',
};
