/**
 * A station whose other end is a wire: whatever the product behind it sends comes onto the link, whatever others send there
 * goes to the product. Needs the real clock.
 */
import type { Attachment, Lab } from './lab.ts';
import type { Wire } from './wires/wire.ts';

/** Plugs a wire into a link as the station `name`; frames of the product are recorded as sent by `name`. Detaching leaves the wire open. */
export function attachWire(lab: Lab, link: string, name: string, wire: Wire): Attachment {
  const attachment = lab.attach(link, name, (octets) => wire.send(octets));
  const unhook = wire.onFrame((octets, arrived) => lab.act(() => attachment.transmit(octets, [], arrived)));
  return {
    ...attachment,
    get link() {
      return attachment.link;
    },
    detach() {
      unhook();
      attachment.detach();
    },
  };
}
