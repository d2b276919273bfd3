/**
 * Defects planted on purpose in what iked is told, so that a run on a real product can be seen to fail: each is a named pure change of a rendering. What the
 * intent says stays as it is; only the product is misled.
 */
import type { Defect } from '../kit/guest-product.ts';
import type { OpenikedRendering, Policy } from './render.ts';

export const openikedDefects: Readonly<Record<string, Defect<OpenikedRendering>>> = {
  'open-identity': {
    says: 'any identity under the authority is taken where one is pinned (RFC 4301 4.4.3.1)',
    plant: everyPolicy((policy) => (policy.sharedKey === undefined ? forAnybody(policy) : policy)),
  },
  'open-secret': {
    says: "a shared key is everybody's (RFC 4301 4.4.3.2)",
    plant: everyPolicy((policy) => (policy.sharedKey === undefined ? policy : forAnybody(policy))),
  },
  'wrong-authority': {
    says: "trusts an authority of its own making in place of the lab's, so no peer authenticates",
    plant: (rendering) => ({
      ...rendering,
      store: { ...rendering.store, authorities: rendering.store.authorities.map(() => foreignAuthority) },
    }),
  },
  'no-shunts': {
    says: 'entries that bypass or discard are not installed',
    plant: kernelWithout((line) => !line.includes(' tmpl ')),
  },
  'no-trap': {
    says: 'an outbound packet without an SA leaves in the clear and starts nothing (RFC 4301 5.1)',
    plant: kernelWithout((line) => line.includes(' tmpl ')),
  },
};

function everyPolicy(change: (policy: Policy) => Policy): Defect<OpenikedRendering>['plant'] {
  return ({ policies, ...rest }) => ({ ...rest, policies: policies.map(change) });
}

function kernelWithout(left: (line: string) => boolean): Defect<OpenikedRendering>['plant'] {
  return ({ kernel, ...rest }) => ({ ...rest, kernel: kernel.filter((line) => !left(line)) });
}

const forAnybody = ({ dstid: _, ...policy }: Policy): Policy => policy;

const foreignAuthority = { subject: 'CN=Nobody', key: 'foreignAuthority', authority: {} };
