/** Broken twins of IKEv2 where the peer has a key and no certificate (RFC 7670). */
import { mutant } from '../mutant.ts';

export const believesTheKeySent = mutant(
  'believesTheKeySent',
  'ikev2',
  'keysOfPeer',
  'a key that comes with the message is thought to have been checked by whoever put it there',
  () => (own, sent) => (sent.length > 0 ? sent : own),
);

export const looksAtNoKeySent = mutant(
  'looksAtNoKeySent',
  'ikev2',
  'keysOfPeer',
  'the keys are known beforehand, so that nobody reads what is sent',
  () => (own) => own,
);

export const refusesKeysSent = mutant(
  'refusesKeysSent',
  'ikev2',
  'keysOfPeer',
  'what comes as CERT is a certificate, and a key is none',
  () => (own, sent) => (sent.length > 0 ? [] : own),
);

export const refusesUnreadableKeys = mutant(
  'refusesUnreadableKeys',
  'ikev2',
  'unreadableRawPublicKey',
  'what cannot be read ends the exchange',
  () => () => 'refused',
);

export const readsEveryEncoding = mutant(
  'readsEveryEncoding',
  'ikev2',
  'rawPublicKeyEncoding',
  'the data is given to the reader of keys, whatever its encoding is said to be',
  () => () => true,
);

export const knowsOneKey = mutant(
  'knowsOneKey',
  'ikev2',
  'keysOfPeer',
  'an entry has room for one key, and the others that it was given are passed over',
  (lawful) =>
    (own, ...rest) =>
      lawful(own.slice(0, 1), ...rest),
);
