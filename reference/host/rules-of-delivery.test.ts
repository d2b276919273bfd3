/** Rules of the host that only its upper layers show: what an echo reply takes from its request. */
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { encodeEcho } from '../wire/echo.ts';
import { hostRules } from './rules.ts';
import { UpperLayers } from './upper-layers.ts';

describe('what a host delivers', () => {
  const ends = { version: 4, source: '192.0.2.2', destination: '192.0.2.1' } as const;
  const request = {
    ...ends,
    ...encodeEcho({ kind: 'request', identifier: 1, sequence: 1, data: new Uint8Array(4) }, ends),
    dscp: 10,
    ecn: 2,
  };

  it('rule echoReplyTrafficClass: a reply is of the class of its request', () => {
    const [reply] = new UpperLayers([], hostRules).deliver(request).replies;
    expect(reply).to.include({ dscp: 10, ecn: 2 });
    const broken = { ...hostRules, echoReplyTrafficClass: () => ({ dscp: 0, ecn: 0 }) };
    const [other] = new UpperLayers([], broken).deliver(request).replies;
    expect(other).to.include({ dscp: 0, ecn: 0 });
  });
});
