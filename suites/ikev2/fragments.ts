/** What the scenarios of fragmentation share: a conversation whose IKE_AUTH is too large for one datagram of the size recommended, and what is found of it. */
import { certificateOf, fqdn, labAuthority, signedWith } from '../../harness/vocabulary/credentials.ts';
import { type Negotiation, nutName, tnName } from '../../harness/vocabulary/ike-intent.ts';
import type { Account } from '../../harness/vocabulary/judging.ts';
import type { PayloadOf } from '../../reference/wire/ike/payload-chain.ts';
import { exchangeTypes } from '../../reference/wire/ike/registry.ts';
import type { Impersonation } from '../identity/impersonation.ts';

const intermediate = {
  subject: 'CN=Touchstone Intermediate CA, O=Touchstone',
  key: 'intermediateAuthority',
  issuer: labAuthority,
  authority: {},
  keyUsage: ['keyCertSign', 'cRLSign'],
  serial: 2,
} as const;

const speaking = (name: string, key: string) => ({
  identity: fqdn(name),
  credential: signedWith(
    certificateOf({ commonName: name, altNames: [{ dNSName: name }], key, issuer: intermediate }),
    intermediate,
  ),
});

/** RSA and two certificates: more than 1280 octets each way. */
export const atLength = {
  nut: speaking(nutName, 'rsaTwo'),
  tn: speaking(tnName, 'rsaOne'),
} as const satisfies Negotiation;

/** The tester speaks in fragments no larger than this where it makes its claim, and says nothing of them before and after. */
export const splitAt = (datagramOctets: number) =>
  ({ fragmentation: { nut: {} }, claim: { fragmentation: { datagramOctets } } }) as const satisfies Impersonation;

/** A fragment as it was on the wire, and how large its datagram. */
export interface SeenFragment extends Pick<PayloadOf<'SKF'>, 'fragmentNumber' | 'totalFragments' | 'innerNextPayload'> {
  readonly messageId: number;
  readonly datagramOctets: number;
}

/** The fragments of IKE_AUTH from one side after a moment, those only whose ICVs were right. */
export function fragmentsIn(t: Account, by: 'nut' | 'tn', after: string): readonly SeenFragment[] {
  return authMessages(t, by, after).flatMap(({ ike }) => {
    const SKF = ike.message.payloads.find((payload) => payload.type === 'SKF');
    if (!SKF || ike.state !== 'opened') return [];
    const { fragmentNumber, totalFragments, innerNextPayload } = SKF;
    const { messageId } = ike.message.header;
    return [{ fragmentNumber, totalFragments, innerNextPayload, messageId, datagramOctets: octetsOf(ike.carrier) }];
  });
}

/** The largest datagram of IKE_AUTH from one side after a moment; 0 if there was none. */
export function largestDatagram(t: Account, by: 'nut' | 'tn', after: string): number {
  return Math.max(0, ...authMessages(t, by, after).map(({ ike }) => octetsOf(ike.carrier)));
}

/** How often the node under test answered IKE_AUTH between two moments: messages that are whole, however many fragments they are in. */
export function answersAfter(t: Account, after: string, before: string): number {
  const end = t.mark(before)?.place ?? 0;
  return authMessages(t, 'nut', after).filter(
    ({ frame, ike }) => frame.entry.place < end && ike.message.header.flags.response && ike.payloads !== undefined,
  ).length;
}

/** Every datagram of IKE_AUTH from one side after a moment. */
function authMessages(t: Account, by: 'nut' | 'tn', after: string) {
  return t.ike
    .messages(after)
    .filter(({ frame, ike }) => frame.entry.from === by && ike.message.header.exchangeType === exchangeTypes.IKE_AUTH);
}

type Carrier = ReturnType<Account['ike']['messages']>[number]['ike']['carrier'];

const octetsOf = ({ version, payload }: Carrier): number => (version === 4 ? 20 : 40) + payload.length;
