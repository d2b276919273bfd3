/**
 * Configuration payloads (RFC 7296 sections 2.19, 2.20 and 3.15): an initiator asks for addresses in the network behind its peer, a responder gives some
 * of its pools, and both remember which they are as long as the IKE SA lives. What is decided there is `configuration-payload-rules.ts`.
 */
import { type Address, addressOctets, addressText, familyOf } from '../wire/address.ts';
import type { ConfigurationAttribute } from '../wire/ike/configuration.ts';
import {
  addressIn,
  anyInternalAddress,
  type ConfigurationValue,
  familyOfInternalAddress,
  internalAddress,
  lengthFits,
} from '../wire/ike/configuration-values.ts';
import type { Payload } from '../wire/ike/payload-chain.ts';
import { configurationAttributes, configurationTypes } from '../wire/ike/registry.ts';
import { ikev2Bounds } from './bounds.ts';
import type { IkeConnection } from './configuration.ts';
import type { IkeSa } from './ike-sa.ts';
import { findAll } from './payloads.ts';
import type { NotifiedRefusal } from './refusal.ts';
import { tellRefusal } from './surroundings.ts';

/** CP(CFG_REQUEST) for the addresses that the connection wants; nothing where it wants none. */
export function configurationRequest({ internalAddresses }: IkeConnection): Payload[] {
  const asked = internalAddresses?.asksFor ?? [];
  return asked.length === 0 ? [] : [configuration('CFG_REQUEST', asked.map(askedFor))];
}

/** The responder's answer in IKE_AUTH, and the addresses that are the peer's from now on. */
export function answerConfiguration(
  ikeSa: IkeSa,
  { internalAddresses }: IkeConnection,
  payloads: readonly Payload[],
): Payload[] {
  const { rules } = ikeSa.surroundings;
  const { pools = [], nameServers = [] } = internalAddresses ?? {};
  const request = attributesIn(ikeSa, payloads, 'CFG_REQUEST');
  const given = ([4, 6] as const).flatMap((family) => addressesFor(ikeSa, request ?? [], family, pools));
  ikeSa.internalAddresses = given;
  const attributes = [...given.map(internalAddress), ...nameServers.map(nameServer)];
  const hasAnswer = attributes.length > 0 && (given.length > 0 || request === undefined);
  return hasAnswer && rules.configurationReplied(request !== undefined)
    ? [configuration('CFG_REPLY', attributes)]
    : acknowledgement(ikeSa, payloads);
}

/** Why a peer gets no child whatever it offers; undefined where it may have one. */
export function refusalWithoutAddress(
  { surroundings: { rules }, internalAddresses: given }: IkeSa,
  { internalAddresses: { pools = [] } = {} }: IkeConnection,
  payloads: readonly Payload[],
): NotifiedRefusal | undefined {
  const asked = findAll(payloads, 'CP').some(isA('CFG_REQUEST'));
  if (!rules.childWithoutRequest(pools.length > 0, asked || given.length > 0))
    return { rule: 'childWithoutRequest', notify: 'FAILED_CP_REQUIRED', detail: 'no address was asked for' };
  if (pools.length === 0 || rules.childWithoutAddress(given.length)) return undefined;
  return { rule: 'childWithoutAddress', notify: 'INTERNAL_ADDRESS_FAILURE', detail: 'no address is left to give' };
}

/** The initiator's side: the addresses that came, which are its own from now on; a refusal where it needs one and has none. */
export function takeConfiguration(
  ikeSa: IkeSa,
  { internalAddresses }: IkeConnection,
  payloads: readonly Payload[],
): NotifiedRefusal | undefined {
  const asked = internalAddresses?.asksFor ?? [];
  const reply = attributesIn(ikeSa, payloads, 'CFG_REPLY') ?? [];
  const received = reply.filter(isInternalAddress).flatMap((attribute) => addressIn(attribute) ?? []);
  ikeSa.internalAddresses = asked.length === 0 ? [] : received;
  if (ikeSa.surroundings.rules.answerWithoutAddress(asked.length, ikeSa.internalAddresses.length)) return undefined;
  return { rule: 'answerWithoutAddress', notify: 'INTERNAL_ADDRESS_FAILURE', detail: 'the answer holds no address' };
}

/** INFORMATIONAL (section 2.20): no version is told, and of what a peer would set what is accepted. */
export function answerInformation(ikeSa: IkeSa, payloads: readonly Payload[]): Payload[] {
  const request = attributesIn(ikeSa, payloads, 'CFG_REQUEST');
  if (request === undefined) return acknowledgement(ikeSa, payloads);
  const { APPLICATION_VERSION: type } = configurationAttributes;
  const asked = request.some((attribute) => attribute.type === type);
  return [configuration('CFG_REPLY', asked ? [{ type, value: new Uint8Array() }] : [])];
}

function acknowledgement(ikeSa: IkeSa, payloads: readonly Payload[]): Payload[] {
  const set = attributesIn(ikeSa, payloads, 'CFG_SET') ?? [];
  const accepted = ikeSa.surroundings.rules.configurationAccepted(set.map(({ type }) => type));
  if (accepted.length === 0) return [];
  return [
    configuration(
      'CFG_ACK',
      accepted.map((type) => ({ type, value: new Uint8Array() })),
    ),
  ];
}

function addressesFor(
  ikeSa: IkeSa,
  request: readonly ConfigurationValue[],
  family: 4 | 6,
  pools: readonly (readonly [first: Address, last: Address])[],
): readonly Address[] {
  const { rules, ikeSas } = ikeSa.surroundings;
  const asked = request.filter((attribute) => familyOfInternalAddress(attribute) === family);
  const isFree = (address: Address) =>
    rules.addressFree(ikeSas.filter((other) => other !== ikeSa && other.internalAddresses.includes(address)).length);
  const free = pools.flatMap((pool) => addressesOf(pool)).filter((one) => familyOf(one) === family && isFree(one));
  const suggested = asked
    .flatMap((attribute) => addressIn(attribute) ?? [])
    .filter((address) => !isUnspecified(address) && rules.suggestedAddress(address, free.includes(address)));
  return rules.addressesGiven(asked.length, [...new Set([...suggested, ...free])]);
}

/** As many as a pool is looked through for. */
function addressesOf([first, last]: readonly [first: Address, last: Address]): Address[] {
  const addresses = [first];
  while (addresses.at(-1) !== last && addresses.length < ikev2Bounds.pooledAddresses)
    addresses.push(following(addresses.at(-1)!));
  return addresses;
}

function following(address: Address): Address {
  const octets = addressOctets(address).slice();
  for (let at = octets.length - 1; at >= 0; at -= 1) {
    octets[at] = (octets[at]! + 1) & 0xff;
    if (octets[at] !== 0) break;
  }
  return addressText(octets);
}

/** The attributes that count of the payload of this kind; undefined where there is none. */
function attributesIn(
  { surroundings }: IkeSa,
  payloads: readonly Payload[],
  kind: keyof typeof configurationTypes,
): readonly ConfigurationValue[] | undefined {
  const found = findAll(payloads, 'CP').find(isA(kind));
  const within = found?.attributes.slice(0, ikev2Bounds.configurationAttributes);
  if (found !== undefined && found.attributes.length > ikev2Bounds.configurationAttributes)
    tellRefusal(surroundings, 'configurationAttributes', `${found.attributes.length} attributes`);
  return within && takenOf(surroundings, within);
}

function takenOf(
  surroundings: IkeSa['surroundings'],
  attributes: readonly ConfigurationAttribute[],
): ConfigurationValue[] {
  const { rules } = surroundings;
  const taken: ConfigurationValue[] = [];
  for (const { reservedBit = 0, value, ...attribute } of attributes) {
    const type = rules.configurationAttributeType(attribute.type, reservedBit);
    const fits = lengthFits({ type, value });
    const choice = rules.configurationAttributeTaken(fits !== undefined, fits ?? true);
    if (choice === 'taken') taken.push({ type, value });
    else tellRefusal(surroundings, 'configurationAttributeTaken', `attribute ${type} of ${value.length} octets`);
    if (choice === 'ignored-with-the-rest') break;
  }
  return taken;
}

function configuration(kind: keyof typeof configurationTypes, attributes: readonly ConfigurationValue[]): Payload {
  return { type: 'CP', configurationType: configurationTypes[kind], attributes };
}

function askedFor(address: Address): ConfigurationValue {
  return isUnspecified(address) ? anyInternalAddress(familyOf(address)) : internalAddress(address);
}

function nameServer(address: Address): ConfigurationValue {
  const { INTERNAL_IP4_DNS, INTERNAL_IP6_DNS } = configurationAttributes;
  return { type: familyOf(address) === 4 ? INTERNAL_IP4_DNS : INTERNAL_IP6_DNS, value: addressOctets(address) };
}

const isA =
  (kind: keyof typeof configurationTypes) =>
  ({ configurationType }: { readonly configurationType: number }): boolean =>
    configurationType === configurationTypes[kind];

const isInternalAddress = (attribute: ConfigurationValue): boolean => familyOfInternalAddress(attribute) !== undefined;

const isUnspecified = (address: Address): boolean => address === '0.0.0.0' || address === '::';
