/** Message IDs and retransmission timers (RFC 7296 sections 2.2 to 2.4). */
import { expect } from 'chai';
import { MessageIdWindow } from './message-id-window.ts';

describe('message id window', () => {
  const retransmission = { first: 500, factor: 2, tries: 3 };

  it('counts its own requests from 0, whatever becomes of them', () => {
    const window = new MessageIdWindow<string>(retransmission);
    window.sent(0, { messageId: 0, exchange: 'first', transmit: () => undefined });
    expect(window.nextRequest).to.equal(1);
    window.completed();
    expect(window.outstanding).to.equal(undefined);
    expect(window.nextRequest).to.equal(1);
  });

  it('expects the request after the one it answered', () => {
    const window = new MessageIdWindow<string>(retransmission);
    window.responded({ messageId: 0, request: new Uint8Array(), transmit: () => undefined });
    expect(window.expectedRequest).to.equal(1);
  });

  it('sends again at growing intervals, then gives up', () => {
    let sendings = 1;
    const window = new MessageIdWindow<string>(retransmission);
    window.sent(1000, { messageId: 0, exchange: 'first', transmit: () => void sendings++ });
    const told = [1499, 1500, 2499, 2500, 4499, 4500].map((now) => window.expire(now));
    expect(told).to.deep.equal(['waiting', 'sentAgain', 'waiting', 'sentAgain', 'waiting', 'givenUp']);
    expect(sendings).to.equal(3);
  });
});
