/**
 * Payloads that key an exchange and speak about SAs: Key Exchange, Nonce, Notify, Delete and Vendor ID (RFC 7296
 * sections 3.4 and 3.9 to 3.12). What a notification's data holds depends on its type and stays octets.
 */
import { computed, nameIn, octets, reserved, rest, u8, u16 } from '../fields.ts';
import type { Part, ValueOf } from '../kernel.ts';
import { hex, toText } from '../octets.ts';
import { briefHex } from '../reader.ts';
import { payload } from './generic-header.ts';
import { notifyTypes } from './notify-types.ts';
import { protocolIds } from './registry.ts';
import { keyExchangeMethods } from './transform-types.ts';

export type KeyExchangePayload = ValueOf<typeof keyExchangePayload>;
export type NoncePayload = ValueOf<typeof noncePayload>;
export type NotifyPayload = ValueOf<typeof notifyPayload>;
export type DeletePayload = ValueOf<typeof deletePayload>;
export type VendorIdPayload = ValueOf<typeof vendorIdPayload>;

export const keyExchangePayload = payload('KE', 'Key Exchange', [
  u16('group', 'Key Exchange Method', { registry: keyExchangeMethods }),
  reserved(2),
  rest('keyExchangeData', 'Key Exchange Data'),
]);

export const noncePayload = payload('Nonce', 'Nonce', [rest('data', 'Nonce Data')]);

export const notifyPayload = payload(
  'N',
  'Notify',
  [
    u8('protocolId', 'Protocol ID', { registry: protocolIds }),
    computed(u8('spiSize', 'SPI Size'), ({ spi }: { spi: Uint8Array }) => spi.length),
    u16('notifyType', 'Notify Message Type', { registry: notifyTypes }),
    octets('spi', 'SPI', ({ spiSize }: { spiSize: number }) => spiSize),
    rest('data', 'Notification Data'),
  ],
  ({ notifyType }) => nameIn(notifyTypes, notifyType) ?? `type ${notifyType}`,
);

/** As many SPIs as Num of SPIs says, each of SPI Size octets. */
const spis: Part<{ readonly spis: readonly Uint8Array[] }> = {
  read(reader, into) {
    const { spiSize, numberOfSpis } = into as { spiSize: number; numberOfSpis: number };
    const held: Uint8Array[] = [];
    if (spiSize === 0 && numberOfSpis > 0) reader.remark(`${numberOfSpis} SPIs of no octets`);
    for (let i = 0; spiSize > 0 && i < numberOfSpis; i++) {
      const spi = reader.view(spiSize, `spis[${i}]`);
      held.push(spi);
      if (reader.tracing) reader.leaf(reader.offset - spiSize, `spis[${i}]`, 'SPI', hex(spi));
    }
    into.spis = held;
  },
  write(writer, value) {
    for (const spi of value.spis) writer.octets(spi);
  },
};

export const deletePayload = payload('D', 'Delete', [
  u8('protocolId', 'Protocol ID', { registry: protocolIds }),
  computed(u8('spiSize', 'SPI Size'), (value: { spis: readonly Uint8Array[] }) => value.spis[0]?.length ?? 0),
  computed(u16('numberOfSpis', 'Num of SPIs'), (value: { spis: readonly Uint8Array[] }) => value.spis.length),
  spis,
]);

/** Vendor IDs are often readable; only printable ASCII is shown as text. */
const vendorText = (id: Uint8Array) =>
  id.length > 0 && id.every((octet) => octet >= 0x20 && octet < 0x7f)
    ? `${briefHex(id)} "${toText(id)}"`
    : briefHex(id);

export const vendorIdPayload = payload('V', 'Vendor ID', [rest('data', 'Vendor ID', vendorText)]);
