/**
 * Proposals: from configuration to the SA payload, from an offer to the one proposal chosen, and from an answer back to what was
 * offered (RFC 7296 sections 2.7 and 3.3). Choosing is the rule `chosenProposal`; this file holds how it is done by default.
 */
import { encryptionTransform } from '../transforms/encryption.ts';
import { integrityTransform, integrityWithoutIv } from '../transforms/integrity.ts';
import { keyExchangeMethod } from '../transforms/key-exchange.ts';
import { pseudorandomFunction } from '../transforms/prf.ts';
import type { Proposal, Transform } from '../wire/ike/proposal.ts';
import { protocolIds } from '../wire/ike/registry.ts';
import type { ProposalConfiguration } from './configuration.ts';

/** One proposal with exactly one transform of each type it needs. */
export interface ChosenProposal {
  readonly number: number;
  readonly protocolId: number;
  /** The proposer's SPI; empty in IKE_SA_INIT. */
  readonly spi: Uint8Array;
  /** Absent in AH only. */
  readonly encryption?: { readonly id: number; readonly keyLength?: number };
  /** Absent with an AEAD. */
  readonly integrity?: number;
  readonly prf?: number;
  readonly group?: number;
  /** In the order of their types; those that chose NONE are not there. */
  readonly additional?: readonly { readonly type: number; readonly method: number }[];
  readonly extendedSequenceNumbers?: boolean;
}

/** The proposals of an SA payload, numbered from 1; AEAD and other ciphers stand in proposals of their own (section 3.3). */
export function offeredProposals(
  configured: readonly ProposalConfiguration[],
  protocolId: number,
  spi: Uint8Array,
  keyExchange: 'offered' | 'none',
): Proposal[] {
  return configured.flatMap(separated).map((proposal, at) => ({
    number: at + 1,
    protocolId,
    spi,
    transforms: transformsOf(proposal, protocolId, keyExchange),
  }));
}

/**
 * Sections 2.7 and 3.3.6: the first proposal, in the initiator's order, of which one transform of every type is acceptable; within
 * it, the first acceptable transform of each type. A proposal with a transform type nobody knows is not acceptable.
 * `keyExchange: 'none'` passes over transforms of type 4, as in IKE_AUTH.
 */
export function firstAcceptable(
  offered: readonly Proposal[],
  acceptable: readonly ProposalConfiguration[],
  protocolId: number,
  keyExchange: 'offered' | 'none',
): ChosenProposal | undefined {
  const wanted = acceptable.flatMap(separated).map((one) => transformsOf(one, protocolId, keyExchange));
  for (const proposal of offered) {
    if (proposal.protocolId !== protocolId || proposal.transforms.some(({ type }) => !knownTypes.has(type))) continue;
    for (const transforms of wanted) {
      const chosen = match(proposal, transforms, keyExchange);
      if (chosen !== undefined) return chosen;
    }
  }
  return undefined;
}

/** The SA payload's proposal that says what was chosen, with the SPI of who chose. */
export function answerOf(chosen: ChosenProposal, spi: Uint8Array): Proposal {
  const transforms: Transform[] = chosen.encryption ? [{ type: ENCR, ...chosen.encryption }] : [];
  if (chosen.prf !== undefined) transforms.push({ type: PRF, id: chosen.prf });
  if (chosen.integrity !== undefined) transforms.push({ type: INTEG, id: chosen.integrity });
  if (chosen.group !== undefined) transforms.push({ type: KE, id: chosen.group });
  for (const { type, method } of chosen.additional ?? []) transforms.push({ type, id: method });
  if (chosen.extendedSequenceNumbers !== undefined) {
    transforms.push({ type: ESN, id: chosen.extendedSequenceNumbers ? 1 : 0 });
  }
  return { number: chosen.number, protocolId: chosen.protocolId, spi, transforms };
}

/**
 * What a responder's proposal chose of what was offered; undefined where it is not one of them, or holds more or fewer than one transform
 * of a type (section 3.3.6: an initiator MUST check).
 */
export function chosenFrom(offered: readonly Proposal[], answer: Proposal): ChosenProposal | undefined {
  const proposal = offered.find(({ number }) => number === answer.number);
  if (proposal === undefined || proposal.protocolId !== answer.protocolId) return undefined;
  const among = (one: Transform) =>
    proposal.transforms.some(
      ({ type, id, keyLength }) => type === one.type && id === one.id && keyLength === one.keyLength,
    );
  const types = answer.transforms.map(({ type }) => type);
  if (!answer.transforms.every(among) || new Set(types).size !== types.length) return undefined;
  const typesOffered = proposal.transforms
    .filter(({ type, id }) => !(isKeyExchange(type) && id === 0))
    .map(({ type }) => type);
  if (!typesOffered.every((type) => types.includes(type) || (isKeyExchange(type) && answersWithNone(proposal, type))))
    return undefined;
  return chosenOf(answer);
}

/** The transforms of a proposal that holds one of each type. Section 3.3.3: encryption is mandatory but in AH, which has none. */
export function chosenOf(proposal: Proposal): ChosenProposal | undefined {
  const one = (type: number) => proposal.transforms.find((transform) => transform.type === type);
  const encryption = one(ENCR);
  if ((encryption === undefined) !== (proposal.protocolId === protocolIds.AH)) return undefined;
  const integrity = one(INTEG)?.id || undefined;
  const group = one(KE)?.id || undefined;
  const additional = proposal.transforms
    .filter(({ type, id }) => ADDITIONAL.includes(type) && id !== 0)
    .map(({ type, id }) => ({ type, method: id }))
    .sort((first, second) => first.type - second.type);
  return {
    number: proposal.number,
    protocolId: proposal.protocolId,
    spi: proposal.spi,
    ...(encryption && { encryption: encryptionOf(encryption) }),
    ...(integrity === undefined ? {} : { integrity }),
    ...(one(PRF) === undefined ? {} : { prf: one(PRF)!.id }),
    ...(group === undefined ? {} : { group }),
    ...(additional.length > 0 && { additional }),
    ...(one(ESN) === undefined ? {} : { extendedSequenceNumbers: one(ESN)!.id === 1 }),
  };
}

function encryptionOf({ id, keyLength }: Transform): NonNullable<ChosenProposal['encryption']> {
  return { id, ...(keyLength === undefined ? {} : { keyLength }) };
}

/** The key exchange methods of an offer, in its order. */
export function groupsOffered(offered: readonly Proposal[]): number[] {
  return offered.flatMap(({ transforms }) => transforms.filter(({ type }) => type === KE).map(({ id }) => id));
}

/** Whether this implementation can compute every transform of a chosen proposal, and the protocol may have it (RFC 4543 sections 5.1 and 5.3). */
function isComputable({ protocolId, encryption, integrity, prf, group, additional = [] }: ChosenProposal): boolean {
  return (
    (protocolId === protocolIds.AH
      ? integrity !== undefined && integrityTransform(integrity) !== undefined
      : encryption !== undefined && isProtection(encryption, integrity, protocolId)) &&
    (prf === undefined || pseudorandomFunction(prf) !== undefined) &&
    // A method whose answer depends on the question is an additional one here.
    (group === undefined || keyExchangeMethod(group)?.answer === undefined) &&
    (group === undefined || keyExchangeMethod(group) !== undefined) &&
    additional.every(({ method }) => keyExchangeMethod(method) !== undefined)
  );
}

/** Of ESP and IKE: an AEAD alone, or a cipher and an authenticator. */
function isProtection(
  { id, keyLength }: NonNullable<ChosenProposal['encryption']>,
  integrity: number | undefined,
  protocolId: number,
): boolean {
  const cipher = encryptionTransform(id, keyLength);
  if (cipher === undefined || (protocolId === protocolIds.IKE && id === NULL_AUTH_AES_GMAC)) return false;
  if (integrity === undefined) return cipher.icvOctets > 0;
  return cipher.icvOctets === 0 && integrityWithoutIv(integrity) !== undefined;
}

function answersWithNone(proposal: Proposal, wanted: number): boolean {
  return proposal.transforms.some(({ type, id }) => type === wanted && id === 0);
}

function match(
  offered: Proposal,
  wanted: readonly Transform[],
  keyExchange: 'offered' | 'none',
): ChosenProposal | undefined {
  const chosen: Transform[] = [];
  const types = new Set([...offered.transforms, ...wanted].map(({ type }) => type));
  for (const type of types) {
    if (isKeyExchange(type) && keyExchange === 'none') continue;
    const theirs = withDefault(type, offered.transforms);
    const ours = withDefault(type, wanted);
    const first = theirs.find((one) =>
      ours.some(({ id, keyLength }) => id === one.id && keyLength === one.keyLength && !one.attributes),
    );
    if (first === undefined) return undefined;
    if (offered.transforms.includes(first)) chosen.push(first);
  }
  const proposal = chosenOf({ ...offered, transforms: chosen });
  return proposal !== undefined && isComputable(proposal) ? proposal : undefined;
}

/** Section 3.3.3, RFC 9370 section 2.2.2: an absent type 3, 4 or 6 to 12 is the same as NONE alone, an absent type 5 is 32-bit sequence numbers. */
function withDefault(type: number, transforms: readonly Transform[]): Transform[] {
  const given = transforms.filter((transform) => transform.type === type);
  if (given.length > 0 || type === ENCR || type === PRF) return given;
  return [{ type, id: 0 }];
}

/** One proposal of each kind where the configuration names AEAD and other ciphers in one breath. */
function separated(configured: ProposalConfiguration): ProposalConfiguration[] {
  if (configured.encryption.length === 0) return [configured];
  const aead = configured.encryption.filter(isAead);
  const plain = configured.encryption.filter((cipher) => !isAead(cipher));
  const kinds: ProposalConfiguration[] = [];
  if (aead.length > 0) kinds.push({ ...configured, encryption: aead, integrity: [] });
  if (plain.length > 0) kinds.push({ ...configured, encryption: plain });
  return configured.encryption[0] !== undefined && isAead(configured.encryption[0]) ? kinds : kinds.reverse();
}

function isAead({ id, keyLength }: { readonly id: number; readonly keyLength?: number }): boolean {
  return (encryptionTransform(id, keyLength)?.icvOctets ?? 0) > 0;
}

function transformsOf(
  configured: ProposalConfiguration,
  protocolId: number,
  keyExchange: 'offered' | 'none',
): Transform[] {
  const transforms: Transform[] = configured.encryption.map(({ id, keyLength }) =>
    keyLength === undefined ? { type: ENCR, id } : { type: ENCR, id, keyLength },
  );
  if (protocolId === protocolIds.IKE)
    transforms.push(...(configured.pseudorandomFunctions ?? []).map((id) => ({ type: PRF, id })));
  transforms.push(...configured.integrity.map((id) => ({ type: INTEG, id })));
  if (keyExchange === 'offered')
    transforms.push(...(configured.keyExchangeMethods ?? []).map((id) => ({ type: KE, id })));
  if (keyExchange === 'offered') {
    const choices = configured.additionalKeyExchanges ?? [];
    transforms.push(...choices.flatMap((methods, i) => methods.map((id) => ({ type: ADDITIONAL[i]!, id }))));
  }
  if (protocolId !== protocolIds.IKE) {
    transforms.push(...(configured.extendedSequenceNumbers ?? [false]).map((esn) => ({ type: ESN, id: esn ? 1 : 0 })));
  }
  return transforms;
}

const NULL_AUTH_AES_GMAC = 21;

const ENCR = 1;
const PRF = 2;
const INTEG = 3;
const KE = 4;
const ESN = 5;
/** Additional Key Exchange 1 to 7. */
const ADDITIONAL: readonly number[] = [6, 7, 8, 9, 10, 11, 12];
const knownTypes: ReadonlySet<number> = new Set([ENCR, PRF, INTEG, KE, ESN, ...ADDITIONAL]);

function isKeyExchange(type: number): boolean {
  return type === KE || ADDITIONAL.includes(type);
}
