/**
 * Which payloads a message of each exchange must have (RFC 7296 sections 1.2 to 1.4, appendix C), in the notation of the RFC and as data. What
 * else a message holds is taken as it comes; whether a missing payload matters is a rule.
 */
import type { Payload } from '../wire/ike/payload-chain.ts';
import { protocolIds } from '../wire/ike/registry.ts';
import type { IkeSa } from './ike-sa.ts';
import type { ExchangeName } from './interface.ts';
import { find } from './payloads.ts';

export interface MessageForm {
  readonly exchange: ExchangeName;
  readonly kind: 'request' | 'response';
  /** What distinguishes forms of the same exchange. */
  readonly of: string;
  readonly required: readonly Payload['type'][];
  readonly optional: readonly Payload['type'][];
}

/** Notify and Vendor ID payloads may stand anywhere and are not listed. */
export const messageForms: readonly MessageForm[] = [
  { exchange: 'IKE_SA_INIT', kind: 'request', of: 'IKE SA', required: ['SA', 'KE', 'Nonce'], optional: [] },
  { exchange: 'IKE_SA_INIT', kind: 'response', of: 'IKE SA', required: ['SA', 'KE', 'Nonce'], optional: ['CERTREQ'] },
  { exchange: 'IKE_SESSION_RESUME', kind: 'request', of: 'IKE SA', required: ['Nonce'], optional: [] },
  { exchange: 'IKE_SESSION_RESUME', kind: 'response', of: 'IKE SA', required: ['Nonce'], optional: [] },
  { exchange: 'IKE_INTERMEDIATE', kind: 'request', of: 'IKE SA', required: ['KE'], optional: [] },
  { exchange: 'IKE_INTERMEDIATE', kind: 'response', of: 'IKE SA', required: ['KE'], optional: [] },
  {
    exchange: 'IKE_AUTH',
    kind: 'request',
    of: 'IKE SA',
    required: ['IDi', 'AUTH', 'SA', 'TSi', 'TSr'],
    optional: ['CERT', 'CERTREQ', 'IDr', 'CP'],
  },
  {
    exchange: 'IKE_AUTH',
    kind: 'request',
    of: 'EAP to begin',
    required: ['IDi', 'SA', 'TSi', 'TSr'],
    optional: ['CERTREQ', 'IDr', 'CP'],
  },
  { exchange: 'IKE_AUTH', kind: 'request', of: 'EAP', required: ['EAP'], optional: [] },
  { exchange: 'IKE_AUTH', kind: 'request', of: 'EAP that is over', required: ['AUTH'], optional: [] },
  {
    exchange: 'IKE_AUTH',
    kind: 'response',
    of: 'IKE SA',
    required: ['IDr', 'AUTH'],
    optional: ['CERT', 'SA', 'TSi', 'TSr', 'CP'],
  },
  {
    exchange: 'CREATE_CHILD_SA',
    kind: 'request',
    of: 'child',
    required: ['SA', 'Nonce', 'TSi', 'TSr'],
    optional: ['KE'],
  },
  {
    exchange: 'CREATE_CHILD_SA',
    kind: 'response',
    of: 'child',
    required: ['SA', 'Nonce', 'TSi', 'TSr'],
    optional: ['KE'],
  },
  { exchange: 'CREATE_CHILD_SA', kind: 'request', of: 'IKE SA', required: ['SA', 'Nonce', 'KE'], optional: [] },
  { exchange: 'CREATE_CHILD_SA', kind: 'response', of: 'IKE SA', required: ['SA', 'Nonce', 'KE'], optional: [] },
  { exchange: 'IKE_FOLLOWUP_KE', kind: 'request', of: 'IKE SA', required: ['KE'], optional: [] },
  { exchange: 'IKE_FOLLOWUP_KE', kind: 'response', of: 'IKE SA', required: ['KE'], optional: [] },
  { exchange: 'INFORMATIONAL', kind: 'request', of: 'IKE SA', required: [], optional: ['D', 'CP'] },
  { exchange: 'INFORMATIONAL', kind: 'response', of: 'IKE SA', required: [], optional: ['D', 'CP'] },
];

/** What a request of that exchange must hold; a CREATE_CHILD_SA tells by its first proposal what it is of, IKE_AUTH by how far EAP is. */
export function requiredPayloads(
  ikeSa: IkeSa,
  exchange: ExchangeName,
  payloads: readonly Payload[],
): readonly Payload['type'][] {
  const of = exchange === 'IKE_AUTH' ? stageOfEap(ikeSa, payloads) : isOfChild(exchange, payloads) ? 'child' : 'IKE SA';
  return (
    messageForms.find((form) => form.exchange === exchange && form.kind === 'request' && form.of === of)?.required ?? []
  );
}

function isOfChild(exchange: ExchangeName, payloads: readonly Payload[]): boolean {
  return exchange === 'CREATE_CHILD_SA' && !isAboutIkeSa(payloads);
}

/** Section 2.16: who leaves out AUTH wants EAP, which somebody has to be ready for. */
function stageOfEap({ state, surroundings }: IkeSa, payloads: readonly Payload[]): string {
  const eap = state.name === 'halfOpen' ? state.eap : undefined;
  const hasAuthentication = find(payloads, 'AUTH') !== undefined;
  if (eap) return surroundings.rules.eapIsOver(eap.isOver, hasAuthentication) ? 'EAP that is over' : 'EAP';
  const isOffered = surroundings.connections.some(({ remote }) => remote.authentication === 'eap');
  return isOffered && !hasAuthentication ? 'EAP to begin' : 'IKE SA';
}

/** Section 1.3.2: a proposal for protocol IKE makes a new IKE SA. */
export function isAboutIkeSa(payloads: readonly Payload[]): boolean {
  return find(payloads, 'SA')?.proposals[0]?.protocolId === protocolIds.IKE;
}
