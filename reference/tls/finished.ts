/** The other end's Finished (RFC 5246 section 7.4.9), the first message under the keys that were agreed: it has seen all that was said as it was said. */
import { equalInConstantTime } from '../transforms/integrity.ts';
import { finished } from '../wire/tls/handshake.ts';
import type { TlsEndpoint } from './endpoint.ts';
import { type TlsSecrets, verifyData } from './key-schedule.ts';
import type { Messages } from './messages.ts';
import { type Handshake, refuses } from './refusal.ts';

export function* hearsFinished(
  messages: Messages,
  { rules }: TlsEndpoint,
  { master }: TlsSecrets,
  by: 'client' | 'server',
): Handshake<void> {
  const expected = verifyData(master, by, messages.transcript);
  const said = yield* messages.hears('finished', finished);
  if (!rules.tlsFinished(() => equalInConstantTime(expected, said.verifyData)))
    yield* refuses('tlsFinished', 'decrypt_error', `the Finished of the ${by} is about another handshake`);
}
