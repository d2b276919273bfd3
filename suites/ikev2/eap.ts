/** What the scenarios of EAP share (RFC 7296 2.16): a gateway with a certificate and a client with a password, either of which is under test. */
import { fqdn } from '../../harness/vocabulary/credentials.ts';
import { anyoneOfTheAuthority, type Party } from '../../harness/vocabulary/ike-intent.ts';
import type { Account, Finding } from '../../harness/vocabulary/judging.ts';
import { observed } from '../../harness/vocabulary/question.ts';
import type { PayloadOf } from '../../reference/wire/ike/payload-chain.ts';
import { eapCodes, eapTypes } from '../../reference/wire/ike/registry.ts';

export const methods = ['md5', 'mschapv2'] as const;
export type Method = (typeof methods)[number];

const inFull = { md5: 'MD5-Challenge', mschapv2: 'EAP-MSCHAP-V2' } as const;

export const carol = { name: 'carol', password: 'Ar3etTnp' } as const;
export const dave = { name: 'dave', password: 'W7R0g3do' } as const;

/** Octets behind a packet, which its Length does not cover: nobody should send them, and the two documents differ. */
export const paddings = {
  established: observed('ignored as padding (RFC 3748 4.1)'),
  refused: observed('refused: Length is to be four less than Payload Length (RFC 7296 3.16)'),
} as const;

/** A client of EAP that says of itself outside EAP that it is carol. */
export function client(method: Method, account: { readonly name: string; readonly password: string } = carol): Party {
  return {
    identity: fqdn(carol.name),
    credential: { kind: 'eap', method: inFull[method], ...account },
    expects: anyoneOfTheAuthority,
  };
}

/** A gateway that has the passwords of both. */
export function gateway(
  method: Method,
  identity: Party['expects']['identity'] = 'any',
  asks: { readonly asksIdentity?: true } = {},
): Pick<Party, 'expects'> {
  const eap = { method: inFull[method], passwords: [carol, dave], ...asks };
  return { expects: { identity, authentication: 'eap', trustAnchors: [], eap } };
}

/** The node under test said Failure in EAP between two moments. */
export function failureBetween(t: Account, moment: string, next: string): Finding | undefined {
  return saidBetween(t, moment, next, 'EAP Failure', ({ code }) => code === eapCodes.Failure);
}

/** It said Success, or that of EAP-MSCHAPv2, which comes first. */
export function believedBetween(t: Account, moment: string, next: string): Finding | undefined {
  const isOfMethod = ({ eapType, data }: PayloadOf<'EAP'>) => eapType === eapTypes['EAP-MSCHAP-V2'] && data[0] === 3;
  return saidBetween(
    t,
    moment,
    next,
    'EAP Success',
    (packet) => packet.code === eapCodes.Success || isOfMethod(packet),
  );
}

function saidBetween(
  t: Account,
  moment: string,
  next: string,
  says: string,
  fits: (packet: PayloadOf<'EAP'>) => boolean,
): Finding | undefined {
  const end = t.mark(next)?.place ?? Number.POSITIVE_INFINITY;
  const said = t.ike
    .messages(moment)
    .find(
      ({ frame, ike: { payloads = [] } }) =>
        frame.entry.from === 'nut' &&
        frame.entry.place < end &&
        payloads.some((payload) => payload.type === 'EAP' && fits(payload)),
    );
  return said && t.ike.said(said, says);
}
