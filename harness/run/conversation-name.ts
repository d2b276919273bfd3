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
};
