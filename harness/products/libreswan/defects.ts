/**
 * Defects planted on purpose in what pluto is told, so that a run on a real product can be seen to fail: each is a named pure change of a rendering. What
 * the intent says stays as it is; only the product is misled.
 */
import type { Defect } from '../kit/guest-product.ts';
import type { Connection, LibreswanRendering } from './render.ts';

export const libreswanDefects: Readonly<Record<string, Defect<LibreswanRendering>>> = {
  'open-identity': {
    says: 'any identity under the authority is taken where one is pinned (RFC 4301 4.4.3.1)',
    plant: everyConnection((parameters) =>
      parameters.leftcert === undefined ? parameters : { ...parameters, rightid: '%fromcert' },
    ),
  },
  'open-secret': {
    says: "a shared key is everybody's (RFC 4301 4.4.3.2)",
    plant: (rendering) => ({ ...rendering, secrets: rendering.secrets.map(({ key }) => ({ owners: [], key })) }),
  },
  'wrong-authority': {
    says: "trusts an authority of its own making in place of the lab's, so no peer authenticates",
    plant: (rendering) => ({
      ...rendering,
      store: { ...rendering.store, authorities: rendering.store.authorities.map(() => foreignAuthority) },
    }),
  },
  'no-replay-window': {
    says: 'anti-replay is off on every child (RFC 4303 3.4.3)',
    plant: everyConnection((parameters) =>
      isShunt(parameters) ? parameters : { ...parameters, 'replay-window': '0' },
    ),
  },
  'no-shunts': {
    says: 'entries that bypass or discard are not installed',
    plant: everyConnection((parameters) => (isShunt(parameters) ? { ...parameters, auto: 'add' } : parameters)),
  },
  'no-trap': {
    says: 'an outbound packet without an SA leaves in the clear and starts nothing (RFC 4301 5.1)',
    plant: everyConnection((parameters) => (isShunt(parameters) ? parameters : { ...parameters, auto: 'add' })),
  },
};

type Parameters = Connection['parameters'];

function everyConnection(change: (parameters: Parameters) => Parameters): Defect<LibreswanRendering>['plant'] {
  return ({ connections, ...rest }) => ({
    ...rest,
    connections: connections.map(({ name, parameters }) => ({ name, parameters: change(parameters) })),
  });
}

const isShunt = ({ authby }: Parameters): boolean => authby === 'never';

const foreignAuthority = { subject: 'CN=Nobody', key: 'foreignAuthority', authority: {} };
