/** Messages of IKE that nobody vouches for, made of a request that somebody did make: tampers of its octets. */
import type { OctetTamper } from '../../harness/vocabulary/tampers.ts';
import { type IkeMessage, ikeMessage } from '../../reference/wire/ike/message.ts';
import { notifyTypes } from '../../reference/wire/ike/notify-types.ts';
import type { Payload } from '../../reference/wire/ike/payload-chain.ts';

/** Which of the SPIs is another one than that of the IKE SA. */
export type OtherSpi = 'initiator' | 'responder' | 'both';

/** Nobody has these. */
export const OTHER_SPI = new Uint8Array(8).fill(0x5a);
/** Far from all that is asked. */
export const STRAY_MESSAGE_ID = 77;

/** INVALID_IKE_SPI as an answer of the IKE SA, in clear. */
export const inClear: OctetTamper = told('INVALID_IKE_SPI in clear', ({ header }) => ({
  header: { ...plainHeader(header), flags: { ...header.flags, response: true } },
  payloads: [notification('INVALID_IKE_SPI')],
}));

/** Another ICV. */
export const forged: OctetTamper = {
  name: 'another ICV',
  complaint: 'IKEv2 Integrity Checksum Data is incorrect',
  apply: (octets) => octets.with(-1, octets.at(-1)! ^ 0xff),
};

/** The same, of an IKE SA that there is not, as a request or a response. */
export function underOther(spi: OtherSpi, response: boolean): OctetTamper {
  const name = `the SPI of ${spi === 'both' ? 'nobody' : `another ${spi}`}${response ? ', in a response' : ''}`;
  return told(name, ({ header, ...rest }) => ({
    ...rest,
    header: {
      ...header,
      ...(spi !== 'responder' && { initiatorSPI: OTHER_SPI }),
      ...(spi !== 'initiator' && { responderSPI: OTHER_SPI }),
      flags: { ...header.flags, response },
      messageId: STRAY_MESSAGE_ID,
    },
  }));
}

/** INVALID_SPI outside of any IKE SA (RFC 7296 section 1.5). */
export const complaint: OctetTamper = told('INVALID_SPI outside of any IKE SA', ({ header }) => ({
  header: {
    ...plainHeader(header),
    initiatorSPI: OTHER_SPI,
    responderSPI: new Uint8Array(8),
    flags: { initiator: true, response: false, version: false },
    messageId: 0,
  },
  payloads: [notification('INVALID_SPI', Uint8Array.of(0, 0, 0x77, 0x77))],
}));

function told(name: string, change: (message: IkeMessage) => IkeMessage): OctetTamper {
  return { name, apply: (octets) => ikeMessage.encode(change(ikeMessage.decode(octets).value)) };
}

/** Without what is about the payloads that it had. */
function plainHeader({ initiatorSPI, responderSPI, exchangeType, flags, messageId }: IkeMessage['header']) {
  return { initiatorSPI, responderSPI, exchangeType, flags, messageId };
}

function notification(name: keyof typeof notifyTypes, data: Uint8Array = new Uint8Array()): Payload {
  return { type: 'N', protocolId: 0, spi: new Uint8Array(), notifyType: notifyTypes[name], data };
}
