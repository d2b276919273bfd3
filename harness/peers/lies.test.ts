import { expect } from 'chai';
import type { MessageContext } from '../../reference/ikev2/interface.ts';
import type { IkeMessage } from '../../reference/wire/ike/message.ts';
import { answersSelectors } from './lies.ts';

const selector = (startAddress: string, endAddress: string) => ({
  tsType: 7,
  startAddress,
  endAddress,
  protocolId: 0,
  startPort: 0,
  endPort: 0xffff,
});
const offered = selector('10.2.0.0', '10.2.0.255');
const message = {
  payloads: [
    { type: 'TSi', selectors: [offered] },
    { type: 'TSr', selectors: [offered] },
  ],
} as unknown as IkeMessage;

/** What becomes of the message, and what was noted. */
function said(context: Partial<MessageContext>) {
  const notes: string[] = [];
  const seam = answersSelectors('claim', '10.3.0.0/24').ikev2!.message!;
  const { payloads } = seam(message, { ...context, note: ({ name }) => notes.push(name) } as MessageContext);
  return { payloads, notes };
}

describe('lies', () => {
  it('answers other selectors for its own side, under the one connection, and says so', () => {
    const { payloads, notes } = said({ kind: 'response', connection: 'claim' });
    expect(payloads[0]).to.deep.equal(message.payloads[0]);
    expect(payloads[1])
      .to.have.property('selectors')
      .that.deep.equals([selector('10.3.0.0', '10.3.0.255')]);
    expect(notes).to.deep.equal(['TSr(10.3.0.0/24)']);
  });

  for (const context of [
    { kind: 'response', connection: 'honest' },
    { kind: 'request', connection: 'claim' },
  ] as const) {
    it(`is honest in a ${context.kind} of ${context.connection}`, () => {
      const { payloads, notes } = said(context);
      expect(payloads).to.deep.equal(message.payloads);
      expect(notes).to.deep.equal([]);
    });
  }
});
