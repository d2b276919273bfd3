/**
 * The same policy between two hosts in tunnel mode: RFC 4301 4.1 asks both modes of a host, and some have only this one. What is sent, and who may send it, stays
 * as it was, so that questions of IKE, to which the mode is nothing, can be asked of those too.
 */
import type { PolicyIntent } from '../capture/transcript.ts';
import type { ChildConfiguration, IkeConnection, NodeConfiguration, SpdEntry } from '../lab/node.ts';
import { host } from './intent.ts';

/** Undefined where transport mode is for others than the two that speak IKE, or nothing is in transport mode. */
export function inTunnelMode(intent: PolicyIntent): PolicyIntent | undefined {
  const parties = Object.entries(intent.parties);
  const children = parties.flatMap(([, { ike }]) =>
    ike.flatMap((one) => one.children.map((child) => ({ one, child }))),
  );
  const inTransport = children.filter(({ child }) => child.mode === 'transport');
  if (inTransport.length === 0 || !inTransport.every(({ one, child }) => isBetweenItsHosts(one, child)))
    return undefined;
  return { ...intent, parties: Object.fromEntries(parties.map(([name, party]) => [name, tunnelled(party)])) };
}

function tunnelled(party: NodeConfiguration): NodeConfiguration {
  return {
    ...party,
    spd: party.spd.map(tunnelledEntry),
    ike: party.ike.map((one) => ({
      ...one,
      children: one.children.map((child) => ({ ...child, mode: 'tunnel' })),
    })),
  };
}

function tunnelledEntry(entry: SpdEntry): SpdEntry {
  const { action, selector } = entry;
  if (typeof action !== 'object' || action.mode === 'tunnel') return entry;
  const tunnel = { local: addressOf(selector.local), remote: addressOf(selector.remote) };
  return { ...entry, action: { ...action, mode: 'tunnel', tunnel } };
}

const isBetweenItsHosts = (
  { localAddresses, remoteAddresses }: IkeConnection,
  { local, remote }: ChildConfiguration,
): boolean =>
  local.every(({ addresses }) => isOneOf(addresses, localAddresses)) &&
  remote.every(({ addresses }) => isOneOf(addresses, remoteAddresses));

const isOneOf = (range: ChildConfiguration['local'][number]['addresses'], addresses: readonly string[]): boolean =>
  addresses.some((address) => address !== 'any' && range === host(address));

const addressOf = (prefix: string): string => prefix.split('/')[0]!;
