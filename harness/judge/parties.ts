/** The parties of a transcript: who is tested, and whose an address is. */
import { canonicalAddress } from '../../reference/wire/address.ts';
import type { Cast, PolicyIntent } from '../capture/transcript.ts';
import { readable } from './readable.ts';

/** The parties that have an address, by their interfaces, inside a tunnel or as mobile nodes; none for one that nobody was given. */
export function ownersOf({ parties }: PolicyIntent): (address: string) => readonly string[] {
  const owners = new Map<string, string[]>();
  for (const [name, { interfaces, innerAddresses, mobility }] of Object.entries(parties)) {
    const home = mobility?.mobileNode ? [mobility.mobileNode.homeAddress] : [];
    const prefixes = [...interfaces.flatMap(({ addresses }) => addresses), ...innerAddresses, ...home];
    for (const prefix of new Set(prefixes)) {
      const address = canonical(prefix.split('/')[0]!);
      owners.set(address, [...(owners.get(address) ?? []), name]);
    }
  }
  return (address) => owners.get(canonical(address)) ?? [];
}

/** The tested parties; the first one is whom the cases are about. */
export function testedIn(cast: Cast): readonly string[] {
  return Object.keys(cast).filter((name) => cast[name] === 'tested');
}

const canonical = (address: string): string => readable(() => canonicalAddress(address)) ?? address;
