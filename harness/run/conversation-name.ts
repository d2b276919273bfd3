/** What a conversation is called in the name of a case, and the fields that tell it from others. */
import type { ConversationKind, ConversationOf } from '../judge/observed/observed-conversations.ts';

export interface NamedConversation {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export function conversationName<Kind extends ConversationKind>(
  kind: Kind,
  conversation: ConversationOf[Kind],
): NamedConversation {
  return naming[kind](conversation);
}

const naming: { readonly [Kind in ConversationKind]: (conversation: ConversationOf[Kind]) => NamedConversation } = {
  sa({ protocol, spi, paths }) {
    const [{ source, destination } = { source: 'nobody', destination: 'nobody' }] = paths;
    const digits = `0x${spi.toString(16).padStart(8, '0')}`;
    return {
      name: `${protocol.toLowerCase()}-${digits}-${source}-to-${destination}`,
      dimensions: { protocol, spi: digits, from: source, to: destination },
    };
  },
  agreement({ initiatorSPI, protocol, initiator, responder }) {
    return {
      name: `${protocol.toLowerCase()}-of-${initiatorSPI}-${initiator}-and-${responder}`,
      dimensions: { protocol, by: responder, of: initiator, ike: initiatorSPI },
    };
  },
  binding({ homeAddress, correspondent }) {
    return { name: `${homeAddress}-with-${correspondent}`, dimensions: { by: correspondent, of: homeAddress } };
  },
  registration({ homeAddress, homeAgent }) {
    return { name: `${homeAddress}-at-${homeAgent}`, dimensions: { by: homeAgent, of: homeAddress } };
  },
  ikeSa({ initiatorSPI, ends }) {
    const { initiator, responder } = ends ?? { initiator: 'nobody', responder: 'nobody' };
    return {
      name: `${initiatorSPI}-${initiator}-and-${responder}`,
      dimensions: { by: responder, of: initiator, ike: initiatorSPI },
    };
  },
  traffic({ source, destination }) {
    return { name: `${source}-to-${destination}`, dimensions: { by: source, to: destination } };
  },
  claim({ initiatorSPI, verifiedAt, source }) {
    return {
      name: `${source}-to-${verifiedAt}-of-${initiatorSPI}`,
      dimensions: { by: verifiedAt, of: source, ike: initiatorSPI },
    };
  },
};
