/**
 * The shape of an exchange (RFC 7296 section 1): the initiating side builds a request and processes its response, the responding side
 * turns a request into an answer. Each exchange has a file of its own under `exchanges/`; sending and receiving are the same for all.
 */
import type { IkeMessage } from '../wire/ike/message.ts';
import type { Payload } from '../wire/ike/payload-chain.ts';
import type { ChildSa } from './child-sa.ts';
import type { ExchangeName, Path } from './interface.ts';

/** An exchange that this node begins. */
export interface InitiatedExchange {
  readonly name: ExchangeName;
  readonly purpose: Purpose;
  /** The child that it rekeys or deletes. */
  readonly about?: ChildSa;
  /** The request's payloads; undefined when by now there is nothing left to ask. */
  build(): readonly Payload[] | undefined;
  /** Fills in what depends on the message as the `message` seam left it: AUTH. */
  complete?(message: IkeMessage): IkeMessage;
  /** What went on the wire, for exchanges whose first message is signed. */
  sent?(message: IkeMessage, octets: Uint8Array): void;
  /** Whether this is the response waited for; only an unprotected one may be passed over. */
  awaits?(response: ReceivedMessage): boolean;
  process(response: ReceivedMessage): void;
}

export type Purpose =
  | 'ikeSaInit'
  | 'ikeIntermediate'
  | 'ikeAuth'
  | 'furtherChild'
  | 'rekeyChild'
  | 'rekeyIkeSa'
  | 'deleteChild'
  | 'deleteIkeSa'
  | 'liveness'
  | 'complaint'
  | 'invalidMessageId'
  | 'announceWindow'
  | 'updateAddresses'
  | 'announceAddresses'
  | 'returnRoutability'
  | 'ticket'
  | 'report';

/** What begins an IKE SA, in clear. */
export const firstExchanges: ReadonlySet<ExchangeName> = new Set(['IKE_SA_INIT', 'IKE_SESSION_RESUME']);

/** A message that was opened: its payloads are those of the SK payload, or of the message itself in IKE_SA_INIT. */
export interface ReceivedMessage {
  readonly message: IkeMessage;
  readonly payloads: readonly Payload[];
  /** What SK held, or all its fragments together; absent where the message came in clear. */
  readonly chain?: { readonly innerNextPayload: number; readonly content: Uint8Array };
  /** As it was on the wire; of a message in fragments, the last that came. */
  readonly octets: Uint8Array;
  readonly path: Path;
}

/** What a responder says, and what it does once that is said. */
export interface Answer {
  readonly payloads: readonly Payload[];
  complete?(message: IkeMessage): IkeMessage;
  sent?(message: IkeMessage, octets: Uint8Array): void;
  afterwards?(): void;
}
