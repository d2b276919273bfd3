/**
 * Decisions about the form of messages (RFC 7296 sections 2.1, 2.5, 3.1 and 3.2): what this node puts into fields that mean nothing yet, what it passes over
 * in those of others, and what it says to a version that it does not speak.
 */
import type { NotifyName } from './payloads.ts';

export interface MessageRules {
  /** 3.2: Critical is not set in a payload of a type that RFC 7296 defines; 2.5: nor in any of a response. */
  criticalSet(payloadType: number): boolean;
  /** 3.1: this is version 2.0. */
  minorVersion(): number;
  /** 2.5, 3.1: what a receiver ignores, whatever stands in it. */
  passedOver(what: PassedOver): boolean;
  /** 2.5: a message is not rejected because its payloads stand in another order than in the figures. */
  payloadOrder(types: readonly string[]): boolean;
  /** 1.5, 2.5: what is said to a request of a higher major version, which is dropped. */
  higherVersionAnswer(): NotifyName | 'silence';
  /** 3.10.1: an unknown notification in a request is ignored, whatever its number. */
  unknownNotifyIgnored(notifyType: number): boolean;
  /** 3.1: what has the Response flag set is no request. */
  isRequest(responseFlag: boolean): boolean;
  /** 2.6.1: whether a cookie goes into every request after it, or into the next alone; both are allowed. */
  cookieKept(): boolean;
  /** 2.1: a request that is answered is not sent again. */
  requestAfterAnswer(): 'done' | 'sentAgain';
}

export type PassedOver = 'reserved fields' | 'minor version' | 'version flag';

export const messageRules: MessageRules = {
  criticalSet: () => false,
  minorVersion: () => 0,
  passedOver: () => true,
  payloadOrder: () => true,
  higherVersionAnswer: () => 'INVALID_MAJOR_VERSION',
  unknownNotifyIgnored: () => true,
  isRequest: (responseFlag) => !responseFlag,
  cookieKept: () => true,
  requestAfterAnswer: () => 'done',
};

export const messageSections = {
  criticalSet: 'RFC 7296 2.5, 3.2',
  minorVersion: 'RFC 7296 3.1',
  passedOver: 'RFC 7296 2.5, 3.1',
  payloadOrder: 'RFC 7296 2.5',
  higherVersionAnswer: 'RFC 7296 1.5, 2.5',
  unknownNotifyIgnored: 'RFC 7296 3.10.1',
  isRequest: 'RFC 7296 3.1',
  cookieKept: 'RFC 7296 2.6.1',
  requestAfterAnswer: 'RFC 7296 2.1',
} as const satisfies Record<keyof MessageRules, string>;
