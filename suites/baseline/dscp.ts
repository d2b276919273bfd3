/**
 * Whether TOS bits select (MCDANIEL "architecture" says so; RFC 4301 4.4.1.1 has no such selector, and 4.1 lets DSCP only choose among
 * SAs of one selector). The same flow comes with another DSCP: in clear against a PROTECT entry, which must go on holding, and inside the
 * SA, which must go on fitting.
 */
import { both, cause, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyedGateways, keyedHosts, keyings } from '../../harness/vocabulary/keying.ts';
import { policyMutants } from '../../harness/vocabulary/mutants.ts';
import { echoPacket } from '../../harness/vocabulary/packets.ts';
import { transportPair, tunnelPair } from '../../harness/vocabulary/pairs.ts';
import { inner, nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { MCDANIEL, RFC4301 } from '../requirements/documents.ts';

const expeditedForwarding = 46;
const four = { inner: 'ipv4', outer: 'ipv4' } as const;
const ends = {
  transport: { from: places.home.ipv4, to: nutAddresses.ipv4 },
  tunnel: { from: inner.tn.ipv4, to: inner.nut.ipv4 },
};

/** What comes in clear the same way and has no policy. */
const unprotected = {
  transport: { from: places.home.ipv6, to: nutAddresses.ipv6 },
  tunnel: { from: inner.outsider.ipv4, to: inner.nut.ipv4 },
};

export const dscp = scenario({
  name: 'dscp',
  title: 'The same flow with another DSCP',
  dimensions: { field: ['dscp'], mode: ['transport', 'tunnel'], keying: keyings },
  given: ({ mode, keying }) =>
    mode === 'transport'
      ? keyedHosts(keying, 'ipv4', [transportPair('pair', 'ipv4')])
      : keyedGateways(keying, four, [tunnelPair('pair', four)]),
  async play(stage, { mode, keying }) {
    const { tn } = stage;
    const flow = (sequence: number, dscp: number) =>
      echoPacket({ ...ends[mode], identifier: 0x4446, sequence, payload: new Uint8Array(16) }, { dscp });
    await establish(stage, keying, ['pair']);
    await tn.esp('before');
    await tn.packet('unmarked in clear', flow(3, 0));
    await tn.packet('in clear', flow(1, expeditedForwarding));
    await tn.pingInClear('path', unprotected[mode]);
    await tn.esp('sealed', { carries: flow(2, expeditedForwarding), awaited: true });
    await tn.esp('after');
  },
  questions: {
    'MCDANIEL-SPD': question('Is the flow another one because of its DSCP?', {
      outcomes: ['ignored', 'selector'],
      controls: (t) => [
        pre('the flow with DSCP 0 is accepted under ESP', t.answered('before')),
        cause('the flow with DSCP 0 is refused in clear', t.silent('unmarked in clear', 'after')),
        cause('traffic without a policy comes through in clear', t.answered('path')),
        post('the flow with DSCP 0 is accepted again', t.answered('after')),
      ],
      judge: (t) =>
        both(t.silent('in clear', 'after'), t.answered('sealed'))?.as('ignored') ??
        t.answered('in clear')?.as('selector') ??
        t.silent('sealed', 'after')?.as('selector'),
      plays: 'receiver',
      // What may change on the way may not be checked; of an inner header 4.1 only says that its DSCP is no selector.
      reads: ({ mode }) => [
        reads(MCDANIEL, 'architecture', 'obs', 'implementation', {
          ignored: observed('DSCP is no selector'),
          selector: observed('DSCP is a selector'),
        }),
        mode === 'transport'
          ? reads(RFC4301, '4.1', 'MUST NOT', 'receiver', { ignored: pass, selector: fail })
          : reads(RFC4301, '4.1', 'obs', 'implementation', { ignored: pass, selector: fail }),
      ],
      lawful: 'ignored',
      turnedBy: [[policyMutants.selectsByDscp, 'selector']],
    }),
  },
});
