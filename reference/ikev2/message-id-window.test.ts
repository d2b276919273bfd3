/** Message IDs, retransmission timers and answers that are kept (RFC 7296 sections 2.1 to 2.4). */
import { expect } from 'chai';
import { livenessRules } from './liveness-rules.ts';
import { MessageIdWindow } from './message-id-window.ts';

const retransmission = { first: 500, factor: 2, tries: 3 };
const nothing = () => undefined;
const answered = (messageId: number) => ({ messageId, request: new Uint8Array(), transmit: nothing });

describe('message id window', () => {
  it('counts its own requests from 0, whatever becomes of them', () => {
    const window = new MessageIdWindow<string>(retransmission);
    window.sent(0, { messageId: 0, exchange: 'first', transmit: nothing });
    expect(window.nextRequest).to.equal(1);
    window.completed(0);
    expect(window.outstanding).to.deep.equal([]);
    expect(window.nextRequest).to.equal(1);
  });

  it('has several requests outstanding, whichever is answered first', () => {
    const window = new MessageIdWindow<string>(retransmission);
    for (const messageId of [0, 1, 2]) window.sent(0, { messageId, exchange: `${messageId}`, transmit: nothing });
    window.completed(1);
    expect(window.outstanding.map(({ exchange }) => exchange)).to.deep.equal(['0', '2']);
  });

  it('expects the lowest request that it has not answered', () => {
    const window = new MessageIdWindow<string>(retransmission);
    const expected = [0, 2, 3, 1].map((messageId) => {
      window.responded(answered(messageId));
      return window.expectedRequest;
    });
    expect(expected).to.deep.equal([1, 1, 1, 4]);
  });

  it('knows what it answered, though it has forgotten how', () => {
    const window = new MessageIdWindow<string>(retransmission);
    for (const messageId of [0, 2]) window.responded(answered(messageId));
    window.forgetAnswers((messageId) => messageId === 0);
    expect([0, 1, 2].map((messageId) => window.isAnswered(messageId))).to.deep.equal([true, false, true]);
    expect([0, 1, 2].map((messageId) => window.answerTo(messageId)?.messageId)).to.deep.equal([
      undefined,
      undefined,
      2,
    ]);
  });

  it('sends again at growing intervals, then gives up', () => {
    let sendings = 1;
    const window = new MessageIdWindow<string>(retransmission);
    window.sent(1000, { messageId: 0, exchange: 'first', transmit: () => void sendings++ });
    const told = [1499, 1500, 2499, 2500, 4499, 4500].map((now) => window.expire(now, livenessRules.peerHasFailed));
    expect(told).to.deep.equal(['waiting', 'sentAgain', 'waiting', 'sentAgain', 'waiting', 'givenUp']);
    expect(sendings).to.equal(3);
  });

  it('sends each request again in its own time', () => {
    const sent: string[] = [];
    const window = new MessageIdWindow<string>(retransmission);
    window.sent(0, { messageId: 0, exchange: 'first', transmit: () => void sent.push('first') });
    window.sent(200, { messageId: 1, exchange: 'second', transmit: () => void sent.push('second') });
    for (const now of [500, 700, 1500]) window.expire(now, livenessRules.peerHasFailed);
    expect(sent).to.deep.equal(['first', 'second', 'first']);
  });
});
