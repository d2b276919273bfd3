import { expect } from 'chai';
import { type NotatedMessage, notation } from './notation.ts';

const sealed = (...types: string[]): NotatedMessage => ({
  clear: [],
  sealed: types.map((type) => {
    const [name, notify] = type.split(':');
    return notify === undefined ? { type: name! } : { type: name!, notify };
  }),
});

describe('the payload notation', () => {
  const auth = notation('HDR, SK {IDr, [CERT,] AUTH, SAr2, TSi, TSr}');
  const cases: readonly [string, NotatedMessage, boolean][] = [
    ['all payloads', sealed('IDr', 'CERT', 'AUTH', 'SA', 'TSi', 'TSr'), true],
    ['an optional payload left out', sealed('IDr', 'AUTH', 'SA', 'TSi', 'TSr'), true],
    ['another order', sealed('TSr', 'AUTH', 'IDr', 'SA', 'TSi'), true],
    ['extra Notify and Vendor ID', sealed('IDr', 'N:MOBIKE_SUPPORTED', 'AUTH', 'V', 'SA', 'TSi', 'TSr'), true],
    ['a required payload left out', sealed('IDr', 'SA', 'TSi', 'TSr'), false],
    ['an unnamed payload', sealed('IDr', 'AUTH', 'SA', 'TSi', 'TSr', 'CP'), false],
    ['one payload too many', sealed('IDr', 'AUTH', 'AUTH', 'SA', 'TSi', 'TSr'), false],
    ['a message in clear', { clear: [{ type: 'IDr' }] }, false],
  ];
  for (const [name, message, expected] of cases) {
    it(`${expected ? 'accepts' : 'refuses'} ${name}`, () => expect(auth.matches(message)).to.equal(expected));
  }

  it('keeps the order when asked', () => {
    const ordered = { ordered: true };
    expect(auth.matches(sealed('IDr', 'AUTH', 'SA', 'TSi', 'TSr'), ordered)).to.equal(true);
    expect(auth.matches(sealed('AUTH', 'IDr', 'SA', 'TSi', 'TSr'), ordered)).to.equal(false);
  });

  it('names a notification', () => {
    const refusal = notation('HDR, SK {N(AUTHENTICATION_FAILED)}');
    expect(refusal.matches(sealed('N:AUTHENTICATION_FAILED'))).to.equal(true);
    expect(refusal.matches(sealed('N:TS_UNACCEPTABLE'))).to.equal(false);
  });

  it('repeats with a plus sign', () => {
    expect(notation('HDR, SK {D+}').matches(sealed('D', 'D'))).to.equal(true);
    expect(notation('HDR, SK {D}').matches(sealed('D', 'D'))).to.equal(false);
  });

  it('gives each item a payload where there is one for each', () => {
    const notifies = sealed('N:AUTHENTICATION_FAILED', 'N:TS_UNACCEPTABLE');
    expect(notation('HDR, SK {N, N(AUTHENTICATION_FAILED)}').matches(notifies)).to.equal(true);
    expect(notation('HDR, SK {[CERT,] CERT+}').matches(sealed('CERT'))).to.equal(true);
    expect(notation('HDR, SK {CERT+, CERT}').matches(sealed('CERT', 'CERT', 'CERT'))).to.equal(true);
    expect(notation('HDR, SK {CERT+, CERT}').matches(sealed('CERT'))).to.equal(false);
  });

  it('matches an empty sealed message', () => expect(notation('HDR, SK {}').matches(sealed())).to.equal(true));

  it('says where it cannot be read', () => {
    expect(() => notation('HDR, SK {IDx}')).to.throw(SyntaxError, /column 10/);
    expect(() => notation('HDR, SK {IDi')).to.throw(SyntaxError);
    expect(() => notation('IDi')).to.throw(SyntaxError, /HDR/);
  });
});
